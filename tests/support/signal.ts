/** Something that one part of a test waits for and another part gives. */
export function signal() {
  let give = () => {}
  const given = new Promise<void>(resolve => {
    give = resolve
  })
  return { given, give }
}
