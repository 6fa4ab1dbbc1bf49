package org.mor.throughput.export;

import static org.mor.throughput.export.TableColumn.Kind.FLAG;
import static org.mor.throughput.export.TableColumn.Kind.NUMBER;
import static org.mor.throughput.export.TableColumn.Kind.TEXT;
import static org.mor.throughput.export.TableColumn.Kind.TIME;
import static org.mor.throughput.export.TableColumn.Kind.WEI;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.session.OpenRow;
import org.mor.throughput.session.SessionOpen;

/**
 * Opens as a table: the keys of the row in their order, then what is known of the model, then what
 * later versions added.
 */
final class OpenTable {
  private OpenTable() {}

  static List<TableColumn<OpenRow>> columns(ModelNames models) {
    return List.of(
        new TableColumn<>("schema", NUMBER, row -> (long) row.schema()),
        new TableColumn<>("sessionId", TEXT, row -> Cells.hex(row.sessionId())),
        new TableColumn<>("user", TEXT, row -> Cells.hex(row.user())),
        new TableColumn<>("provider", TEXT, row -> Cells.hex(row.provider())),
        new TableColumn<>("bidId", TEXT, full(open -> open.bidId().toHex())),
        new TableColumn<>("modelId", TEXT, row -> Cells.hex(row.modelId())),
        new TableColumn<>("openedAt", TIME, OpenRow::openedAt),
        new TableColumn<>("endsAt", TIME, row -> Cells.time(row.endsAt())),
        new TableColumn<>("stakeWei", WEI, OpenRow::stake),
        new TableColumn<>("directPayment", FLAG, full(SessionOpen::directPayment)),
        new TableColumn<>("blockNumber", NUMBER, Cells::block),
        new TableColumn<>("logIndex", NUMBER, Cells::logIndex),
        new TableColumn<>("txHash", TEXT, full(open -> open.txHash().toHex())),
        new TableColumn<>("modelName", TEXT, row -> models.name(row.modelId(), null)),
        new TableColumn<>("modelType", TEXT, row -> models.type(row.modelId())),
        new TableColumn<>("readAtBlock", NUMBER, Cells::readAtBlock),
        new TableColumn<>("generation", NUMBER, row -> (long) row.generation()));
  }

  /** What rows of the earlier indexer do not have. */
  private static Function<OpenRow, @Nullable Object> full(Function<SessionOpen, Object> value) {
    return row -> row instanceof SessionOpen open ? value.apply(open) : null;
  }
}
