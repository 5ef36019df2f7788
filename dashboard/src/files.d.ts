/** a file of the build: its address */
declare module '*?url' {
  const address: string
  export default address
}
/** styles that come with the part that imports them */
declare module '*.css'
