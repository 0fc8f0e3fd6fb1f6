/** Quotes a text as a literal of standard SQL, which DuckDB and PostgreSQL share. */
export function textLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Quotes a name for standard SQL. */
export function nameLiteral(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
