/**
 * Reads a property of a request, its own or an inherited one. Express gives each request a hidden class
 * that no other has (see `view-locals.ts`); what V8 learns about such a class at `req.user` in the source
 * takes it a tenth of a microsecond, and is of no use for the next request. `Reflect.get` learns nothing.
 */
export function lookAt(req: object, name: string): unknown {
  return Reflect.get(req, name);
}
