package org.mor.throughput.demo;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.mor.throughput.chain.Address;
import org.mor.throughput.demo.Dice.Shares;

/** Who takes part: models, providers, the bids of each pair over time, and the wallets. */
record Catalogue(
    List<SimulatedModel> models,
    List<SimulatedProvider> providers,
    List<SimulatedBid> bids,
    List<Address> users) {
  static final BigInteger MOR = BigInteger.TEN.pow(18);

  private static final List<Integer> PROVIDER_WEIGHTS = List.of(460, 330, 80, 50, 30, 20, 18, 12);
  private static final int USERS = 39;
  private static final int MILLI_MOR_A_DAY = 86_400_000;

  /**
   * Tokens per second times 1000, and time to first token in ms, of the two largest: one is clearly
   * first to answer, neither is clearly faster, so that a ranking, a tie and too few are all seen.
   */
  private static final long[][] LARGEST = {{60_000, 350}, {63_000, 1_500}};

  /** Provider at this index has staked so little that its limit withholds what it earns. */
  private static final int SHORT_OF_STAKE = 5;

  Catalogue {
    models = List.copyOf(models);
    providers = List.copyOf(providers);
    bids = List.copyOf(bids);
    users = List.copyOf(users);
  }

  /** The wallet that opens most sessions, as a hosted gateway does. */
  Address gateway() {
    return users.get(0);
  }

  static Catalogue draw(long seed, long startBlock, long blocks) {
    List<SimulatedModel> models = ModelShelf.stock(seed, startBlock, blocks);
    List<SimulatedProvider> providers = new ArrayList<>();
    List<SimulatedBid> bids = new ArrayList<>();
    for (int p = 0; p < PROVIDER_WEIGHTS.size(); p++) {
      Dice dice = Dice.of(seed, "provider", p);
      providers.add(provider(dice, p, startBlock, blocks));
      for (int m = 0; m < models.size(); m++) {
        if (p < 2 || dice.perMille(350) || m % PROVIDER_WEIGHTS.size() == p) {
          bids.addAll(bids(dice, providers.get(p), models.get(m), startBlock, blocks));
        }
      }
    }
    List<Address> users = new ArrayList<>();
    for (int u = 0; u < USERS; u++) {
      users.add(Address.of(Dice.of(seed, "user", u).bytes(Address.SIZE)));
    }
    return new Catalogue(models, providers, bids, users);
  }

  private static SimulatedProvider provider(Dice dice, int index, long startBlock, long blocks) {
    Address address = Address.of(dice.bytes(Address.SIZE));
    BigInteger ample = MOR.multiply(BigInteger.valueOf(5_000_000));
    boolean poor = index == SHORT_OF_STAKE;
    long[] drawn = {dice.between(15_000, 160_000), dice.between(150, 3_000)};
    long[] speeds = index < LARGEST.length ? LARGEST[index] : drawn;
    return new SimulatedProvider(
        address,
        PROVIDER_WEIGHTS.get(index),
        speeds[0],
        speeds[1],
        poor ? MOR.divide(BigInteger.TEN) : ample,
        poor ? MOR.multiply(BigInteger.valueOf(500)) : ample,
        startBlock + blocks * 7 / 10);
  }

  private static List<SimulatedBid> bids(
      Dice dice, SimulatedProvider provider, SimulatedModel model, long startBlock, long blocks) {
    List<SimulatedBid> bids = new ArrayList<>();
    int count = (int) dice.between(1, 4);
    long created = startBlock + dice.between(100, 1_000);
    for (int nonce = 0; nonce < count; nonce++) {
      long deleted =
          nonce == count - 1
              ? Long.MAX_VALUE
              : startBlock + blocks * (nonce + 1) / count + dice.between(0, 5_000);
      BigInteger price =
          MOR.multiply(BigInteger.valueOf(dice.between(300, 6_000)))
              .divide(BigInteger.valueOf(MILLI_MOR_A_DAY));
      bids.add(
          new SimulatedBid(
              Ids.bid(provider.address(), model.id(), nonce),
              provider,
              model,
              price,
              nonce,
              created,
              deleted));
      created = deleted;
    }
    return bids;
  }

  /** A bid that stands at a block, of a provider and a model drawn by their weights. */
  SimulatedBid drawBid(Dice dice, long block) {
    SimulatedProvider provider = Shares.pick(dice, providers, SimulatedProvider::weight);
    List<SimulatedBid> standing =
        bids.stream()
            .filter(bid -> bid.provider().equals(provider) && bid.standsAt(block))
            .toList();
    if (standing.isEmpty()) {
      throw new IllegalArgumentException("No bid stands yet at block " + block);
    }
    return Shares.pick(dice, standing, bid -> bid.model().weight());
  }

  Address drawUser(Dice dice) {
    if (dice.perMille(600)) {
      return gateway();
    }
    // Squaring makes a few wallets busy and leaves many nearly idle.
    double unit = dice.unit();
    return users.get(1 + (int) (unit * unit * (users.size() - 1)));
  }
}
