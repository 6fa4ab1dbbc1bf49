package org.mor.throughput.serve;

import java.util.Optional;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.StoredObject;

/** A plain HTML list of the documents that are there; no script, no style. */
final class IndexPage {
  private IndexPage() {}

  static String of(ObjectStore store) {
    StringBuilder rows = new StringBuilder();
    for (ObjectKey key : PublishedKeys.all(store)) {
      Optional<StoredObject> object = store.find(key);
      object.ifPresent(found -> rows.append(row(key, found.body())));
    }
    String table =
        rows.isEmpty()
            ? "<p>Nothing is published yet.</p>\n"
            : "<table>\n<tr><th>document</th><th>bytes</th><th>as of</th></tr>\n"
                + rows
                + "</table>\n";
    return """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><title>Morpheus throughput</title></head>
        <body>
        <h1>Published documents</h1>
        <p><a href="/throughput.html">The page</a>, <a href="/openapi.json">the analytics API</a></p>
        """
        + table
        + "</body>\n</html>\n";
  }

  private static String row(ObjectKey key, byte[] body) {
    String name = escaped(key.value());
    return "<tr><td><a href=\"/%s\">%s</a></td><td>%s</td><td>%s</td></tr>%n"
        .formatted(name, name, body.length, escaped(AsOf.of(body).orElse("unknown")));
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
