package org.mor.throughput.testing;

import java.math.BigInteger;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;

/** The counts and lists that a {@link FakeChain}'s diamond keeps, as of a block. */
final class FakeFigures {
  private static final int SELECTOR = 4;

  private final List<FakeSession> sessions;
  private final Bytes data;
  private final long block;

  FakeFigures(List<FakeSession> sessions, Bytes data, long block) {
    this.sessions = sessions.stream().filter(session -> session.openBlock <= block).toList();
    this.data = data;
    this.block = block;
  }

  /** What the getter returns; empty for one that is not here. */
  Optional<Bytes> answer() {
    return switch (data.slice(0, SELECTOR).toHex()) {
      case "0x76400935" -> Optional.of(new Words().number(of(address(0)).count()).done());
      case "0x87bced7d" ->
          Optional.of(
              page(of(address(0)).map(session -> session.id).toList(), number(1), number(2)));
      case "0xd5472642" ->
          Optional.of(
              page(
                  sessions.stream()
                      .map(session -> word(session.provider))
                      .distinct()
                      .sorted()
                      .toList(),
                  number(0),
                  number(1)));
      case "0x1b26c116" -> Optional.of(stats(argument(0), address(1)));
      case "0xbdfbbada" -> Optional.of(new Words().number(claimed()).done());
      default -> Optional.empty();
    };
  }

  private Stream<FakeSession> of(Address provider) {
    return sessions.stream().filter(session -> session.provider.equals(provider));
  }

  private BigInteger claimed() {
    return sessions.stream()
        .map(session -> session.paid.floorEntry(block))
        .filter(Objects::nonNull)
        .map(entry -> entry.getValue())
        .reduce(BigInteger.ZERO, BigInteger::add);
  }

  private Bytes stats(Hash32 model, Address provider) {
    List<FakeSession> closed =
        of(provider)
            .filter(session -> session.model.equals(model))
            .filter(session -> session.closeBlock <= block && session.emitsClose)
            .toList();
    Words out = new Words();
    for (int i = 0; i < 5; i++) {
      out.number(0);
    }
    return out.number(closed.stream().filter(session -> session.closeoutType == 0).count())
        .number(closed.size())
        .done();
  }

  private static Bytes page(List<Hash32> all, int offset, int limit) {
    int from = Math.min(offset, all.size());
    List<Hash32> items = all.subList(from, Math.min(all.size(), from + limit));
    Words out = new Words().number(64).number(all.size()).number(items.size());
    items.forEach(out::hash);
    return out.done();
  }

  private Hash32 argument(int index) {
    int from = SELECTOR + index * Hash32.SIZE;
    return Hash32.of(data.slice(from, from + Hash32.SIZE).toArray());
  }

  private Address address(int index) {
    return Address.fromWord(argument(index));
  }

  private int number(int index) {
    return new BigInteger(1, argument(index).toArray()).intValueExact();
  }

  private static Hash32 word(Address address) {
    return Hash32.of(new Words().address(address).done().toArray());
  }
}
