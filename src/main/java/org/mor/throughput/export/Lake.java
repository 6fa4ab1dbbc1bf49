package org.mor.throughput.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.Cursor.NetworkId;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.chain.Sha256;
import org.mor.throughput.export.Export.DoesNotFitException;
import org.mor.throughput.session.Month;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.StoredObject;

/**
 * The stored rows as Parquet, one file a month and kind, for engines that query files in place. A
 * file is named by its content and never written again; a month whose rows changed gets another.
 * {@code current/KIND/month=YYYY-MM/files} holds the URI of the month's newest file, the form of
 * Hive's SymlinkTextInputFormat, so a reader sees each month once and whole. {@code manifest.json}
 * is written last. A run that was cut short is completed by the next one. docs/format.md, "The
 * lake".
 */
public final class Lake {
  private static final ObjectKey MANIFEST = new ObjectKey("manifest.json");
  private static final ObjectAttributes PARQUET =
      new ObjectAttributes("application/vnd.apache.parquet", "no-store");
  private static final ObjectAttributes TEXT = new ObjectAttributes("text/plain", "no-store");
  private static final int FORMAT = 1;
  private static final int NAME_DIGITS = 16;
  private static final JsonMapper JSON = new JsonMapper();

  private final ObjectStore target;
  private final Export export;

  public Lake(ObjectStore target, Export export) {
    this.target = target;
    this.export = export;
  }

  /** A month of one kind of rows. */
  public record Part(RowKind kind, Month month) {
    private String directory() {
      return kind.label() + "/month=" + month;
    }
  }

  /**
   * Brings the lake up to the rows; a part is held in memory as Parquet.
   *
   * @param parts all that the store has
   * @param cursor as it was before the parts were listed
   * @return {@code version} of the manifest (how many runs changed a file), files {@code written}
   *     and {@code unchanged}, and {@code rows} in all of them
   * @throws DoesNotFitException when Parquet cannot hold an amount, and when the lake is of another
   *     chain, of a later block, or has a part that is not in {@code parts}
   * @throws org.mor.throughput.store.StoreException.StoreConflictException when another run writes
   *     the same lake; this one can be started again
   */
  public ObjectNode write(
      List<Part> parts, NetworkId network, Cursor cursor, Export.Listener listener)
      throws IOException {
    // Pointers before the manifest, so that an older run cannot put back those of a newer one.
    Map<String, Optional<StoredObject>> pointers = new HashMap<>();
    parts.forEach(part -> pointers.put(part.directory(), target.find(pointer(part.directory()))));
    Optional<StoredObject> stored = target.find(MANIFEST);
    JsonNode before = stored.isPresent() ? manifest(stored.get()) : JSON.createObjectNode();
    Map<String, String> known = files(before);
    requireSameRows(before, parts, network, cursor);
    ObjectNode after = JSON.createObjectNode().put("format", FORMAT);
    ArrayNode list = after.putArray("files");
    long rows = 0;
    for (Part part : parts) {
      ObjectNode file = file(part, known);
      rows += file.path("rows").asLong();
      list.add(file);
      listener.written(part.month(), rows);
    }
    Map<String, String> files = files(after);
    files.forEach(
        (directory, file) ->
            put(
                pointer(directory),
                (root() + file + "\n").getBytes(UTF_8),
                pointers.getOrDefault(directory, Optional.empty()),
                TEXT));
    long unchanged = files.values().stream().filter(known::containsValue).count();
    long version = before.path("version").asLong() + (files.equals(known) ? 0 : 1);
    after.put("version", version);
    after.put("network", network.name()).put("diamond", network.diamond().toHex());
    after.put("generation", cursor.generation()).put("asOfBlock", cursor.lastBlock());
    put(MANIFEST, JSON.writeValueAsBytes(after), stored, ObjectAttributes.PRIVATE_JSON);
    return JSON.createObjectNode()
        .put("rows", rows)
        .put("written", files.size() - unchanged)
        .put("unchanged", unchanged)
        .put("version", version);
  }

  /** What the manifest says of a part, whose file is written unless it is there. */
  private ObjectNode file(Part part, Map<String, String> known) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<Month> month = List.of(part.month());
    long rows =
        export.run(part.kind(), month, Span.ALL, TableFormat.PARQUET, out, (done, count) -> {});
    byte[] body = out.toByteArray();
    String hash = Sha256.hex(body);
    String name = "%s/part-%s.parquet".formatted(part.directory(), hash.substring(0, NAME_DIGITS));
    // It can be there without being known: of a run that was cut short, or of older rows.
    if (!known.containsValue(name) && target.keys(name).isEmpty()) {
      target.create(new ObjectKey(name), body, PARQUET);
    }
    return JSON.createObjectNode()
        .put("kind", part.kind().label())
        .put("month", part.month().toString())
        .put("file", name)
        .put("rows", rows)
        .put("bytes", body.length)
        .put("sha256", hash);
  }

  private static ObjectKey pointer(String directory) {
    return new ObjectKey("current/" + directory + "/files");
  }

  private String root() {
    String place = target.location();
    return place.endsWith("/") ? place : place + "/";
  }

  private void put(
      ObjectKey key, byte[] body, Optional<StoredObject> stored, ObjectAttributes attributes) {
    if (stored.isEmpty()) {
      target.create(key, body, attributes);
    } else if (!Arrays.equals(stored.get().body(), body)) {
      target.replace(key, body, stored.get().version(), attributes);
    }
  }

  private void requireSameRows(
      JsonNode before, List<Part> parts, NetworkId network, Cursor cursor) {
    int generation = before.path("generation").asInt();
    long block = before.path("asOfBlock").asLong();
    String of = before.path("network").asText() + " " + before.path("diamond").asText();
    Set<String> lost = new TreeSet<>(files(before).keySet());
    parts.forEach(part -> lost.remove(part.directory()));
    if (!before.isEmpty() && !of.equals(network.toString())) {
      throw refused("it is of " + of);
    }
    if (generation > cursor.generation()
        || (generation == cursor.generation() && block > cursor.lastBlock())) {
      throw refused(
          "it is of block %d, generation %d; these rows are of block %d, generation %d"
              .formatted(block, generation, cursor.lastBlock(), cursor.generation()));
    }
    if (!lost.isEmpty()) {
      throw refused("it has %s, which the store lacks".formatted(lost));
    }
  }

  private DoesNotFitException refused(String why) {
    return new DoesNotFitException(
        "The lake in %s is not of these rows: %s. Nothing was written.\nnext: correct STORE, or export to an empty place"
            .formatted(target.location(), why));
  }

  private JsonNode manifest(StoredObject stored) throws IOException {
    JsonNode manifest;
    try {
      manifest = JSON.readTree(stored.body());
    } catch (JsonProcessingException e) {
      manifest = JSON.createObjectNode();
    }
    if (manifest.path("format").asInt() != FORMAT || !manifest.path("version").isIntegralNumber()) {
      throw new CorruptObjectException(
          "Reading %s in %s: it is no manifest of a lake that this program knows. Nothing was written.\nnext: restore it, or export to an empty place"
              .formatted(MANIFEST, target.location()));
    }
    return manifest;
  }

  /** The files of a manifest by their directory. */
  private static Map<String, String> files(JsonNode manifest) {
    Map<String, String> files = new TreeMap<>();
    for (JsonNode file : manifest.path("files")) {
      String name = file.path("file").asText();
      files.put(name.substring(0, Math.max(0, name.lastIndexOf('/'))), name);
    }
    return files;
  }
}
