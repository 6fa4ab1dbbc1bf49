package org.mor.throughput.rollup;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow.OpenFacts;

/**
 * A partial as bytes that only the program that wrote them needs to understand: what does not read
 * back exactly is no partial, since it can be computed again.
 */
public final class MonthPartialCodec {
  /** Names the form and all that is counted, so that a change of either is seen. */
  private static final String FORM =
      "partial 2 " + Arrays.toString(Count.values()) + Arrays.toString(Amount.values());

  private MonthPartialCodec() {}

  /**
   * The bytes of a partial; equal partials have equal bytes.
   *
   * @param of what it was made of: rules and rows
   */
  public static byte[] encode(MonthPartial partial, String of) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
    try (DataOutputStream data = new DataOutputStream(bytes)) {
      data.writeUTF(FORM);
      data.writeUTF(of);
      data.writeUTF(partial.month().toString());
      write(partial, new PartialOutput(data));
    } catch (IOException e) {
      throw new UncheckedIOException("Writing bytes in memory", e);
    }
    return bytes.toByteArray();
  }

  /** The partial of a month that was made of {@code of}; empty for anything else. */
  public static Optional<MonthPartial> decode(byte[] bytes, Month month, String of) {
    try (DataInputStream data = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (!data.readUTF().equals(FORM)
          || !data.readUTF().equals(of)
          || !data.readUTF().equals(month.toString())) {
        return Optional.empty();
      }
      MonthPartial partial = read(month, new PartialInput(data));
      return Arrays.equals(encode(partial, of), bytes) ? Optional.of(partial) : Optional.empty();
    } catch (IOException | RuntimeException damaged) {
      // Damage shows in whatever way it happens to break the reading.
      return Optional.empty();
    }
  }

  /** What a stored partial says it was made of; empty where that cannot be read. */
  public static String source(InputStream stored) {
    try {
      DataInputStream data = new DataInputStream(stored);
      return data.readUTF().equals(FORM) ? data.readUTF() : "";
    } catch (IOException damaged) {
      return "";
    }
  }

  private static void write(MonthPartial partial, PartialOutput out) throws IOException {
    out.directory(partial.directory());
    out.list(
        partial.days().byStart().entrySet(),
        day -> {
          out.number(day.getKey());
          day.getValue().writeTo(out);
        });
    out.list(partial.unclosedOpens(), out::open);
    out.list(partial.unopenedCloses(), id -> out.bytes(id.toArray()));
    out.optionalNumber(partial.span().first());
    out.optionalNumber(partial.span().last());
    out.file(partial.file());
  }

  private static MonthPartial read(Month month, PartialInput in) throws IOException {
    Directory directory = in.directory();
    TimeCells days = new TimeCells();
    in.list(
        () -> {
          long start = in.number();
          days.at(start).readFrom(in, directory);
          return start;
        });
    List<OpenFacts> unclosed = in.list(in::open);
    List<Hash32> unopened = in.list(() -> Hash32.of(in.bytes()));
    OptionalLong first = in.optionalNumber();
    OptionalLong last = in.optionalNumber();
    CloseSpan span = new CloseSpan(first, last);
    return new MonthPartial(month, directory, days, unclosed, unopened, span, in.file(month));
  }
}
