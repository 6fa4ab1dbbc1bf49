// Tables as CSV. A cell that a spreadsheet would run as a formula gets an apostrophe in front.

export function cell(value) {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  let text = String(value);
  if (/^[\s\u0000-\u001f\u200b-\u200f\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(text) || /^[\t\r\n]/.test(text))
    text = `'${text}`;
  return /[",\r\n;\t']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** columns: [{key, label}], rows: objects; with the byte order mark that spreadsheets want. */
export function csv(columns, rows) {
  const lines = [columns.map((column) => cell(column.key)).join(',')];
  for (const row of rows) lines.push(columns.map((column) => cell(row[column.key])).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

export function json(head, columns, rows) {
  const picked = rows.map((row) => Object.fromEntries(columns.map((column) => [column.key, row[column.key] ?? null])));
  return `${JSON.stringify(
    {
      ...head,
      columns: columns.map(({ key, label }) => ({ key, label })),
      rows: picked,
    },
    null,
    1,
  )}\n`;
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
