package org.mor.throughput.rollup;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.rollup.Cell.Amount;
import org.mor.throughput.rollup.Cell.Count;
import org.mor.throughput.rollup.MonthFiles.MonthFile;
import org.mor.throughput.rollup.PartialBytes.Input;
import org.mor.throughput.rollup.PartialBytes.Output;
import org.mor.throughput.rollup.Rollup.CloseSpan;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow.OpenFacts;
import org.mor.throughput.session.UserId;

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
      write(partial, new Output(data));
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
      MonthPartial partial = read(month, new Input(data));
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

  private static void write(MonthPartial partial, Output out) throws IOException {
    Directory directory = partial.directory();
    out.list(directory.users().values(), user -> out.bytes(user.value().toArray()));
    out.list(directory.providers().values(), provider -> out.bytes(provider.toArray()));
    out.list(directory.models().values(), model -> out.bytes(model.toArray()));
    out.list(
        partial.days().byStart().entrySet(),
        day -> {
          out.number(day.getKey());
          day.getValue().writeTo(out);
        });
    out.list(partial.unclosedOpens(), open -> write(open, out));
    out.list(partial.unopenedCloses(), id -> out.bytes(id.toArray()));
    out.optionalNumber(partial.span().first());
    out.optionalNumber(partial.span().last());
    MonthFile file = partial.file();
    out.data().writeBoolean(file != null);
    if (file != null) {
      out.data().writeUTF(file.key());
      out.data().writeUTF(file.sha256());
      out.number(file.bytes());
      out.number(file.firstDay());
      out.number(file.lastDay());
      out.number(file.sessions());
    }
  }

  private static MonthPartial read(Month month, Input in) throws IOException {
    Directory directory = new Directory();
    in.list(() -> directory.users().number(new UserId(Bytes.of(in.bytes()))));
    in.list(() -> directory.providers().number(Address.of(in.bytes())));
    in.list(() -> directory.models().number(Hash32.of(in.bytes())));
    TimeCells days = new TimeCells(Granularity.DAY);
    in.list(
        () -> {
          long start = in.number();
          days.at(start).readFrom(in, directory);
          return start;
        });
    List<OpenFacts> unclosed = in.list(() -> readOpen(in));
    List<Hash32> unopened = in.list(() -> Hash32.of(in.bytes()));
    CloseSpan span = new CloseSpan(in.optionalNumber(), in.optionalNumber());
    DataInputStream data = in.data();
    MonthFile file =
        data.readBoolean()
            ? new MonthFile(
                month,
                data.readUTF(),
                data.readUTF(),
                in.number(),
                in.number(),
                in.number(),
                in.number())
            : null;
    return new MonthPartial(month, directory, days, unclosed, unopened, span, file);
  }

  private static void write(OpenFacts open, Output out) throws IOException {
    out.bytes(open.sessionId().toArray());
    out.number(open.openedAt());
    out.number(open.endsAt());
    out.bytes(open.provider() == null ? new byte[0] : open.provider().toArray());
    out.bytes(open.modelId() == null ? new byte[0] : open.modelId().toArray());
    out.bytes(open.stake().value().toByteArray());
    out.number(open.block());
  }

  private static OpenFacts readOpen(Input in) throws IOException {
    Hash32 sessionId = Hash32.of(in.bytes());
    long openedAt = in.number();
    long endsAt = in.number();
    byte[] provider = in.bytes();
    byte[] model = in.bytes();
    return new OpenFacts(
        sessionId,
        openedAt,
        endsAt,
        provider.length == 0 ? null : Address.of(provider),
        model.length == 0 ? null : Hash32.of(model),
        Wei.of(new BigInteger(in.bytes())),
        in.number());
  }
}
