package org.mor.throughput.publish;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.function.ToLongFunction;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.rollup.Granularity;
import org.mor.throughput.rollup.HourlyVolumes;
import org.mor.throughput.rollup.HourlyVolumes.Cell;

/** Volumes by hour, model and provider, column by column. */
final class HourlyCellsCodec {
  private HourlyCellsCodec() {}

  static Document encode(DocumentHead head, HourlyVolumes volumes) {
    List<Cell> cells = volumes.hours().stream().flatMap(List::stream).toList();
    return DocumentCodec.write(
        DocumentKeys.HOURLY_CELLS,
        head,
        json -> {
          json.writeStringField("firstHour", Granularity.HOUR.label(volumes.firstHour()));
          json.writeArrayFieldStart("models");
          for (Hash32 model : volumes.models()) {
            json.writeString(model.toHex());
          }
          json.writeEndArray();
          ModelsCodec.write(json, volumes.providers());
          json.writeObjectFieldStart("volumes");
          new ColumnsCodec(json)
              .numbers("perHour", volumes.hours().stream().mapToInt(List::size).toArray());
          column(json, "model", cells, Cell::model);
          column(json, "provider", cells, Cell::provider);
          column(json, "sessionsClosed", cells, Cell::sessions);
          column(json, "tokensReceipt", cells, Cell::tokens);
          column(json, "tokensFlagged", cells, Cell::tokensFlagged);
          column(json, "legacyMilliTokens", cells, Cell::legacyMilliTokens);
          column(json, "sessionSeconds", cells, Cell::seconds);
          json.writeEndObject();
        });
  }

  private static void column(
      JsonGenerator json, String name, List<Cell> cells, ToLongFunction<Cell> value)
      throws IOException {
    json.writeFieldName(name);
    long[] values = cells.stream().mapToLong(value).toArray();
    json.writeArray(values, 0, values.length);
  }
}
