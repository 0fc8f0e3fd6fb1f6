/** Characters that can end a script, open a comment in it, or break a line in JavaScript before ES2019. */
const UNSAFE = /[<>&\u2028\u2029]/g;

/**
 * Returns a value as JSON that is safe inside a `<script>` element. `</script>`, `<!--`, `]]>` and line
 * separators are written as escapes such as `\u003c`, which JSON and JavaScript read back as the same
 * text. Print the result unescaped. Don't use it in HTML attributes.
 *
 * ```ejs
 * <script>const variants = <%- scriptJson(variants) %>;</script>
 * <script type="application/json" id="variants"><%- scriptJson(variants) %></script>
 * ```
 *
 * If a key may be `__proto__`, use the second form with `JSON.parse`, because in a JavaScript literal
 * this key sets the prototype.
 *
 * @param value any JSON value, for example `req.experiments.variants()`. `undefined` (a variant without a
 *   value), functions and symbols become `null`
 * @throws TypeError for a cycle or a bigint, which JSON can't represent
 */
export function scriptJson(value: unknown): string {
  // stringify's type says string, but for undefined and functions it returns undefined.
  const json: string | undefined = JSON.stringify(value);
  return (json ?? 'null').replace(
    UNSAFE,
    (unsafe) => `\\u${unsafe.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
