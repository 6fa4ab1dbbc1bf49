// Tables as files. A cell that a spreadsheet would run as a formula gets an apostrophe in front.

export function cell(value) {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  let text = String(value);
  if (/^[\s\u0000-\u001f\u200b-\u200f\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(text) || /^[\t\r\n]/.test(text))
    text = `'${text}`;
  return /[",\r\n;\t']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A number as the page shows it. */
const rounded = (value, digits) =>
  typeof value === 'number' && Number.isFinite(value) ? Number(value.toFixed(digits)) : value;

/**
 * The columns of a file: one whose values the page rounds is there as shown and exactly.
 *
 * @param {Column[]} columns
 * @returns {{key: string, label: string, of: (row: any) => unknown}[]}
 */
export function fileColumns(columns) {
  return columns
    .filter(({ file }) => file !== false)
    .flatMap(({ key, label, unit, digits }) => {
      const title = unit ? `${label} (${unit})` : label;
      if (digits === undefined) return [{ key, label: title, of: (row) => row[key] }];
      return [
        { key: `${key}_shown`, label: title, of: (row) => rounded(row[key], digits) },
        { key, label: `${title}, exact`, of: (row) => row[key] },
      ];
    });
}

/** The headers are words with their units. */
export function csv(columns, rows) {
  const given = fileColumns(columns);
  const lines = [given.map(({ label }) => cell(label)).join(',')];
  for (const row of rows) lines.push(given.map(({ of }) => cell(of(row))).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

/** `about`, what the file is and as of when, comes first. */
export function json(about, head, columns, rows) {
  const given = fileColumns(columns);
  const picked = rows.map((row) => Object.fromEntries(given.map(({ key, of }) => [key, of(row) ?? null])));
  const titles = given.map(({ key, label }) => ({ key, label }));
  return `${JSON.stringify({ about, ...head, columns: titles, rows: picked }, null, 1)}\n`;
}

/** Hands a text over as a file. */
export function save(name, type, text) {
  const link = document.createElement('a');
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
