/** a file of the build: its address */
declare module '*?url' {
  const address: string
  export default address
}
