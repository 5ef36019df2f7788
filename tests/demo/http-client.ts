export type Client = {
  get<T>(path: string): Promise<T>
  post<T>(path: string, body?: object): Promise<T>
}

/** Speaks to the server as any browser or app would: JSON over HTTP, a bearer token after signing in. */
export function httpClient(baseUrl: string, token?: string): Client {
  const call = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const response = await fetch(new URL(path, baseUrl), {
      method,
      headers: {
        accept: 'application/json',
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(15_000),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text.slice(0, 400)}`)
    return (text ? JSON.parse(text) : undefined) as T
  }
  return {
    get: path => call('GET', path),
    post: (path, body) => call('POST', path, body),
  }
}

type Credentials =
  | { email: string; password: string }
  | { carrierCode: string; siteId: string }
  | { memberNumber: string; pin: string }

export async function signIn(baseUrl: string, credentials: Credentials): Promise<Client> {
  const { token } = await httpClient(baseUrl).post<{ token: string }>('/api/sessions', credentials)
  return httpClient(baseUrl, token)
}
