/** Express 4, installed under another name; the same to these tests. */
declare module 'express4' {
  import express from 'express';

  export default express;
}
