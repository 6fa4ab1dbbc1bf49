package org.mor.throughput.protocol;

import static org.mor.throughput.protocol.Item.ABSENT;
import static org.mor.throughput.protocol.ModelWriter.NOTHING;

import java.util.Set;

/**
 * The commit protocol step by step, as {@code Incremental}, {@code Backfill}, {@code Ledger},
 * {@code CommitLoop} and {@code Publisher} carry it out: months, coverage, cursor, document, each
 * read, decided upon and put on condition. Every block holds one row.
 */
@SuppressWarnings("EnumOrdinal")
final class Protocol {
  private static final int OVERLAP = 1;
  private static final int BLOCKS_A_RUN = 2;

  private static final int FAILED = -2;

  private final Set<Flaw> flaws;

  Protocol(Set<Flaw> flaws) {
    this.flaws = flaws;
  }

  /** The sequence makes every cursor another one, as in the store. */
  static int cursor(int block, int sequence) {
    return block + 8 * sequence;
  }

  static int block(int cursorOrDocument) {
    return cursorOrDocument == ABSENT ? 0 : cursorOrDocument & 7;
  }

  static int sequence(int cursor) {
    return cursor == ABSENT ? 0 : cursor >> 3;
  }

  static int documentRows(int document) {
    return (document >> 3) & 15;
  }

  /** What was covered when the document's cursor was read. */
  static int documentCoverage(int document) {
    return (document >> 7) & 15;
  }

  /** Blocks 1 to {@code last}. */
  static int upTo(int last) {
    return (1 << Math.max(0, last)) - 1;
  }

  private static int last(int blocks) {
    return 32 - Integer.numberOfLeadingZeros(blocks);
  }

  private static int first(int blocks) {
    return Integer.numberOfTrailingZeros(blocks) + 1;
  }

  /** The blocks from the lowest one on without a gap. */
  private static int firstRange(int blocks) {
    int lowest = Integer.lowestOneBit(blocks);
    return blocks & ~(blocks + lowest);
  }

  /** Carries out the writer's next step, in place. */
  void step(ModelState state, ModelWriter writer, Fault fault) {
    Step step = writer.at;
    if (fault == Fault.CRASH_BEFORE) {
      writer.restart();
      return;
    }
    switch (step.kind()) {
      case CHAIN -> chain(state, writer, fault);
      case PUT -> put(state, writer, fault);
      case GET -> {
        int value = read(state, writer, fault);
        if (value == FAILED) {
          writer.restart();
        } else {
          decide(state, writer, value);
        }
      }
      case NONE -> throw new IllegalStateException("It is done");
    }
    if (fault == Fault.CRASH_AFTER) {
      writer.restart();
    }
  }

  private void chain(ModelState state, ModelWriter writer, Fault fault) {
    if (writer.at == Step.HEAD) {
      boolean unsafe = flaws.contains(Flaw.UNSAFE_BLOCKS_INDEXED);
      writer.head = state.safeHead + (unsafe ? 1 : 0) - (fault == Fault.LAGGING ? 1 : 0);
      writer.head = Math.min(writer.head, ModelState.LAST_BLOCK);
      if (writer.backfill && (state.backfilled() & upTo(writer.head)) == 0) {
        // A request behind the head is refused; the operator asks again.
        writer.restart();
      } else {
        writer.next(writer.backfill ? Step.PLAN : Step.POSITION);
      }
      return;
    }
    if (fault == Fault.LAGGING && !flaws.contains(Flaw.EMPTY_LOGS_OF_A_LAGGING_NODE_TRUSTED)) {
      writer.restart();
      return;
    }
    // A backfill reads the sessions at the safe head by now, a scheduled run at its own.
    int readAt = writer.backfill ? Math.max(writer.head, state.safeHead) : writer.head;
    writer.rows = fault == Fault.LAGGING ? 0 : Rows.read(writer.range, readAt);
    if (flaws.contains(Flaw.CURSOR_BEFORE_PARTITION)) {
      writer.next(Step.CURSOR_CHECK);
    } else if (flaws.contains(Flaw.COVERAGE_BEFORE_PARTITION)) {
      writer.next(Step.COVERAGE_GET);
    } else {
      month(writer, 0);
    }
  }

  /** Goes on with the first month from {@code month} on that has rows. */
  private void month(ModelWriter writer, int month) {
    for (int next = month; next < 2; next++) {
      if (Rows.ofMonth(writer.rows, next) != 0) {
        writer.next(Step.MONTH_GET);
        writer.month = next;
        return;
      }
    }
    writer.month = 0;
    if (flaws.contains(Flaw.COVERAGE_BEFORE_PARTITION)) {
      writer.rows = 0;
      writer.next(Step.CURSOR_CHECK);
    } else {
      writer.next(Step.COVERAGE_GET);
    }
  }

  private int read(ModelState state, ModelWriter writer, Fault fault) {
    int stored = state.get(item(writer));
    if (fault == Fault.UNAVAILABLE
        && writer.at == Step.MONTH_GET
        && flaws.contains(Flaw.FAILED_READ_TAKEN_FOR_EMPTY)) {
      writer.blind = true;
      return ABSENT;
    }
    if (fault == Fault.TRUNCATED
        && writer.at == Step.MONTH_GET
        && stored > 0
        && flaws.contains(Flaw.TRUNCATED_READ_ACCEPTED)) {
      writer.seen = stored;
      return Rows.withoutTheLast(stored);
    }
    return fault == Fault.NONE ? stored : FAILED;
  }

  static Item item(ModelWriter writer) {
    return switch (writer.at) {
      case PLAN, COVERAGE_GET, COVERAGE_PUT, CATCH_UP -> Item.COVERAGE;
      case POSITION, CURSOR_CHECK, CURSOR_GET, CURSOR_PUT, CATCH_UP_CHECK, PUBLISH_CURSOR ->
          Item.CURSOR;
      case MONTH_GET, MONTH_PUT -> writer.month == 0 ? Item.FIRST_MONTH : Item.SECOND_MONTH;
      case PUBLISH_FIRST -> Item.FIRST_MONTH;
      case PUBLISH_SECOND -> Item.SECOND_MONTH;
      case DOCUMENT_GET, DOCUMENT_PUT -> Item.DOCUMENT;
      case HEAD, LOGS, DONE -> throw new IllegalStateException("No item: " + writer.at);
    };
  }

  private void decide(ModelState state, ModelWriter writer, int value) {
    switch (writer.at) {
      case PLAN -> {
        writer.todo = state.backfilled() & upTo(writer.head) & ~Math.max(0, value);
        writer.next(Step.POSITION);
      }
      case POSITION -> planned(writer, value);
      case MONTH_GET -> mergeMonth(state, writer, value);
      case COVERAGE_GET -> {
        writer.seen = value;
        writer.body = Math.max(0, value) | writer.range;
        if (writer.body == value) {
          covered(writer);
        } else {
          writer.at = Step.COVERAGE_PUT;
        }
      }
      case CURSOR_CHECK -> {
        if (block(value) < last(writer.range)) {
          writer.next(Step.CURSOR_GET);
        } else {
          committed(state, writer);
        }
      }
      case CURSOR_GET -> advance(state, writer, value);
      case CATCH_UP -> {
        int asked = state.backfilled() & upTo(writer.head);
        int covered = Math.max(0, value);
        writer.range = covered == 0 ? 0 : lastRangeThatMeets(covered, asked);
        if (writer.range == 0) {
          writer.done();
        } else {
          writer.next(Step.CATCH_UP_CHECK);
        }
      }
      case CATCH_UP_CHECK -> {
        if (block(value) < last(writer.range)) {
          writer.next(Step.CURSOR_CHECK);
        } else {
          writer.done();
        }
      }
      default -> publish(state, writer, value);
    }
  }

  private static int lastRangeThatMeets(int covered, int asked) {
    int found = 0;
    for (int rest = covered; rest != 0; rest &= ~firstRange(rest)) {
      found = (firstRange(rest) & asked) == 0 ? found : firstRange(rest);
    }
    return found;
  }

  private void planned(ModelWriter writer, int cursor) {
    if (writer.backfill) {
      nextRange(writer);
      return;
    }
    int stands = block(cursor);
    int end = cursor == ABSENT ? writer.head : Math.min(writer.head, stands + BLOCKS_A_RUN);
    int start = cursor == ABSENT ? end - BLOCKS_A_RUN + 1 : stands + 1 - OVERLAP;
    if (end <= stands) {
      writer.done();
      return;
    }
    writer.range = upTo(end) & ~upTo(start - 1);
    writer.next(Step.LOGS);
  }

  private void nextRange(ModelWriter writer) {
    writer.range = writer.todo == 0 ? 0 : firstRange(writer.todo);
    writer.todo &= ~writer.range;
    writer.catchingUp = writer.range == 0;
    writer.next(writer.range == 0 ? Step.CATCH_UP : Step.LOGS);
  }

  private void mergeMonth(ModelState state, ModelWriter writer, int value) {
    boolean keepsOldBody = writer.body != NOTHING && flaws.contains(Flaw.NEW_VERSION_WITH_OLD_BODY);
    boolean truncated = value != state.get(item(writer)) && !writer.blind;
    if (!keepsOldBody) {
      writer.body = Rows.merge(Math.max(0, value), Rows.ofMonth(writer.rows, writer.month));
    }
    if (!truncated) {
      writer.seen = value;
    }
    if (writer.body == value) {
      month(writer, writer.month + 1);
    } else {
      writer.at = Step.MONTH_PUT;
    }
  }

  private void covered(ModelWriter writer) {
    if (flaws.contains(Flaw.COVERAGE_BEFORE_PARTITION) && writer.rows != 0) {
      month(writer, 0);
    } else {
      writer.rows = 0;
      writer.next(Step.CURSOR_CHECK);
    }
  }

  private void advance(ModelState state, ModelWriter writer, int cursor) {
    boolean goesOn =
        cursor == ABSENT
            || (last(writer.range) > block(cursor)
                && (first(writer.range) <= block(cursor) + 1
                    || flaws.contains(Flaw.CURSOR_JUMPS_OVER_A_GAP)));
    if (!goesOn) {
      committed(state, writer);
      return;
    }
    writer.seen = cursor;
    writer.body = cursor(last(writer.range), sequence(cursor) + 1);
    writer.at = Step.CURSOR_PUT;
  }

  /** A range is behind the writer. */
  private void committed(ModelState state, ModelWriter writer) {
    if (flaws.contains(Flaw.CURSOR_BEFORE_PARTITION) && writer.rows != 0) {
      month(writer, 0);
      return;
    }
    writer.range = 0;
    if (!writer.backfill) {
      publishOrEnd(state, writer);
    } else if (writer.catchingUp) {
      writer.done();
    } else {
      nextRange(writer);
    }
  }

  private static void publishOrEnd(ModelState state, ModelWriter writer) {
    writer.head = 0;
    if (state.publishing()) {
      writer.next(Step.PUBLISH_CURSOR);
    } else {
      writer.done();
    }
  }

  private void publish(ModelState state, ModelWriter writer, int value) {
    switch (writer.at) {
      case PUBLISH_CURSOR -> {
        writer.asOf = block(value);
        writer.coveredThen = state.covered() & upTo(writer.asOf);
        writer.next(Step.PUBLISH_FIRST);
      }
      case PUBLISH_FIRST -> {
        writer.published = Rows.blocks(Math.max(0, value)) & upTo(writer.asOf);
        writer.next(Step.PUBLISH_SECOND);
      }
      case PUBLISH_SECOND -> {
        writer.published |= Rows.blocks(Math.max(0, value)) & upTo(writer.asOf);
        writer.next(Step.DOCUMENT_GET);
      }
      case DOCUMENT_GET -> document(writer, value);
      default -> throw new IllegalStateException("No read: " + writer.at);
    }
  }

  private void document(ModelWriter writer, int value) {
    boolean newer =
        block(value) > writer.asOf && !flaws.contains(Flaw.OLDER_DOCUMENT_REPLACES_NEWER);
    boolean same =
        value != ABSENT && block(value) == writer.asOf && documentRows(value) == writer.published;
    if (newer || same) {
      writer.done();
      return;
    }
    writer.seen = value;
    writer.body = writer.asOf + 8 * writer.published + 128 * writer.coveredThen;
    writer.at = Step.DOCUMENT_PUT;
  }

  private void put(ModelState state, ModelWriter writer, Fault fault) {
    Item item = item(writer);
    boolean holds = isUnconditional(writer) || state.get(item) == writer.seen;
    boolean answered = fault == Fault.NONE || fault == Fault.CRASH_AFTER;
    if (fault == Fault.DELAYED) {
      state.send(item, writer.seen, writer.body);
    } else if (holds && (answered || fault == Fault.LOST_ACK)) {
      state.store[item.ordinal()] = writer.body;
    }
    boolean conflict = fault == Fault.CONFLICT || (answered && !holds);
    boolean taken = conflict && flaws.contains(Flaw.CONFLICT_TAKEN_FOR_SUCCESS);
    if ((answered && holds) || taken) {
      written(state, writer);
    } else {
      again(writer);
    }
  }

  private boolean isUnconditional(ModelWriter writer) {
    return switch (writer.at) {
      case MONTH_PUT -> writer.blind || flaws.contains(Flaw.PARTITION_PUT_WITHOUT_CONDITION);
      case COVERAGE_PUT -> flaws.contains(Flaw.COVERAGE_PUT_WITHOUT_CONDITION);
      case CURSOR_PUT -> flaws.contains(Flaw.CURSOR_PUT_WITHOUT_CONDITION);
      default -> false;
    };
  }

  private void written(ModelState state, ModelWriter writer) {
    switch (writer.at) {
      case MONTH_PUT -> month(writer, writer.month + 1);
      case COVERAGE_PUT -> covered(writer);
      case CURSOR_PUT -> committed(state, writer);
      default -> writer.done();
    }
  }

  /** Reads again and decides anew. */
  private void again(ModelWriter writer) {
    int body = writer.body;
    switch (writer.at) {
      case MONTH_PUT -> {
        writer.next(Step.MONTH_GET);
        writer.body = flaws.contains(Flaw.NEW_VERSION_WITH_OLD_BODY) ? body : NOTHING;
      }
      case COVERAGE_PUT -> writer.next(Step.COVERAGE_GET);
      case CURSOR_PUT -> writer.next(Step.CURSOR_GET);
      default -> writer.next(Step.DOCUMENT_GET);
    }
  }
}
