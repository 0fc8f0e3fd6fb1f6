/** What could end a script, open a comment in it, or be a line break in JavaScript before ES2019. */
const UNSAFE = /[<>&\u2028\u2029]/g;

/**
 * JSON that stays inside its `<script>` element whatever the value holds: `</script>`, `<!--`,
 * `]]>` and line separators come out as `\u003c` and the like, which JSON and JavaScript read back
 * as the same text. The template must print it unescaped; it isn't meant for HTML attributes.
 *
 * ```ejs
 * <script>const variants = <%- scriptJson(variants) %>;</script>
 * <script type="application/json" id="variants"><%- scriptJson(variants) %></script>
 * ```
 *
 * Where a key may be `__proto__`, use the second form with `JSON.parse`: in a JavaScript literal
 * that key sets the prototype.
 *
 * @param value anything JSON can hold, for example `req.experiments.variants()`; `undefined` (the
 *   value of a variant that has none), functions and symbols become `null`
 * @throws TypeError for what JSON can't hold: a cycle, a bigint
 */
export function scriptJson(value: unknown): string {
  // By its signature stringify always gives a string; for undefined and functions it does not.
  const json: string | undefined = JSON.stringify(value);
  return (json ?? 'null').replace(
    UNSAFE,
    (unsafe) => `\\u${unsafe.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
