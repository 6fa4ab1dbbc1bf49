package org.mor.throughput.publish;

import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.rollup.PerformanceAmount;
import org.mor.throughput.rollup.PerformanceKey;
import org.mor.throughput.rollup.PerformanceTable;
import org.mor.throughput.session.ModelLabel;

/** Writes tables column by column, and the lists of models and providers they speak of. */
final class ColumnsCodec {
  /** So many models are expected at the most; strangers may register any number. */
  static final int MOST_WITH_TAGS = 500;

  private static final ModelLabel UNNAMED = new ModelLabel("", List.of());

  private ColumnsCodec() {}

  static void keys(DocumentCodec json, List<PerformanceKey> keys) {
    column(json, "model", keys, PerformanceKey::model);
    column(json, "provider", keys, PerformanceKey::provider);
    column(json, "input", keys, PerformanceKey::input);
    column(json, "output", keys, PerformanceKey::output);
  }

  static <T> void column(DocumentCodec json, String name, List<T> rows, ToLongFunction<T> value) {
    json.numbers(name, rows.stream().mapToLong(value).toArray());
  }

  static void amounts(DocumentCodec json, PerformanceTable table) {
    for (PerformanceAmount amount : PerformanceAmount.values()) {
      json.numbers(amount.field(), table.column(amount));
    }
  }

  static void sketches(DocumentCodec json, PerformanceTable table) {
    json.numbers("tpsSketch", table.tps());
    json.numbers("ttftSketch", table.ttft());
  }

  static void providers(DocumentCodec json, List<Address> providers) {
    json.texts("providers", providers, Address::toHex);
  }

  static void models(DocumentCodec json, List<Hash32> models) {
    json.texts("models", models, Hash32::toHex);
  }

  /** Models with what they are called. */
  static void models(DocumentCodec json, List<Hash32> models, Map<Hash32, ModelLabel> labels) {
    json.objects("models", models, model -> label(json, model, labels, models.size()));
  }

  /**
   * Id, name, type and tags, as fields of the object that is open. In a list of more than {@value
   * #MOST_WITH_TAGS} models tags are left out: they may be twenty times as long as the rest.
   */
  static void label(DocumentCodec json, Hash32 model, Map<Hash32, ModelLabel> labels, int models) {
    ModelLabel label = labels.getOrDefault(model, UNNAMED);
    json.text("id", model.toHex());
    json.text("name", label.name().isEmpty() ? null : label.name());
    json.text("type", label.type().name());
    if (models <= MOST_WITH_TAGS) {
      json.texts("tags", label.tags(), tag -> tag);
    }
  }
}
