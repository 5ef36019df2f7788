import type { App } from './app.ts'

/** Before the routes are added. The methods a path can be called with; none: there is no such path. */
export function methodsByPath(app: App): (path: string) => string[] {
  const known: { form: RegExp; methods: string[] }[] = []
  app.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return
    const parts = url.split(/:[^/]+/).map(part => part.replace(/[.\\+?()[\]{}|^$]/g, '\\$&'))
    known.push({ form: new RegExp(`^${parts.join('[^/]+')}$`), methods: [method].flat() })
  })
  return path => [...new Set(known.filter(({ form }) => form.test(path)).flatMap(({ methods }) => methods))]
}
