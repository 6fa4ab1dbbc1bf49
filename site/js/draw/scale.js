// From values to places on a chart, and the lines to read them by.

function niceStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  const lead = rough / power;
  return (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 2.5 ? 2.5 : lead <= 5 ? 5 : 10) * power;
}

/** {of, ticks}: `of` gives 0 (bottom) to 1 (top) of a value; `whole` keeps ticks off fractions. */
export function linear(max, count, whole = false) {
  if (!(max > 0)) return { of: () => 0, ticks: [0] };
  let step = niceStep(max / count);
  if (whole && step < 1) step = 1;
  const top = Math.ceil(max / step - 1e-9) * step;
  const ticks = [];
  for (let i = 0; i * step <= top + step / 2; i++) ticks.push(Number((i * step).toPrecision(12)));
  return { of: (value) => value / top, ticks };
}

/** Whole powers of ten around the values; values of 0 have no place. */
export function logarithmic(min, max) {
  if (!(max > 0)) return { of: () => null, ticks: [] };
  const low = Math.floor(Math.log10(min));
  const high = Math.max(low + 1, Math.ceil(Math.log10(max) - 1e-9));
  const every = Math.ceil((high - low) / 6);
  const ticks = [];
  for (let power = low; power <= high; power += every) ticks.push(10 ** power);
  return { of: (value) => (value > 0 ? (Math.log10(value) - low) / (high - low) : null), ticks };
}

/** Every how many buckets a label fits. */
export function labelEvery(count, width, labelWidth) {
  const rough = Math.max(1, Math.ceil((count * labelWidth) / width));
  return [1, 2, 3, 4, 5, 6, 7, 10, 12, 14, 15, 21, 24, 28, 30, 35, 42, 60, 90].find((every) => every >= rough) ?? rough;
}
