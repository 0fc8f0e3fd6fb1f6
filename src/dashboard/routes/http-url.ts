/** Returns true for an address of a web page, which a link may have. */
export function isHttpUrl(address: string | undefined): address is string {
  return address !== undefined && /^https?:\/\//i.test(address) && URL.canParse(address);
}
