/** The older major, under a name of its own; to us it has the same types. */
declare module 'express4' {
  import express from 'express'
  export default express
}
