// The bucket of a whole number, as docs/format.md defines it.
export function bucketOf(value) {
  const shift = Math.max(0, Math.floor(Math.log2(Math.max(1, value))) - 6);
  return 64 * shift + Math.floor(value / 2 ** shift);
}
