package org.mor.throughput.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.mor.throughput.adapter.rpc.PlayedEndpoints;
import org.mor.throughput.adapter.s3.PlayedBucket;
import org.mor.throughput.archive.CursorStore;
import org.mor.throughput.base.Sleeper;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.index.ContractReader;
import org.mor.throughput.index.IndexSettings;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.index.RollupRun;
import org.mor.throughput.publish.Publisher;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.Worlds;

/** What the writers share: the chain, the bucket, the stage and the weather. */
final class Machine {
  /** The process is gone: not an Exception, so that nothing may catch it on the way. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private static final MetricRules RULES = new MetricRules(500, 0, 0, Set.of());

  final World world;
  final Bucket bucket = new Bucket();
  final Stage stage;
  final Weather weather;
  final Auditor auditor;
  private final Sabotage sabotage;
  private final PlayedNode node;
  private final List<Runnable> late = new ArrayList<>();
  private final Random forks;
  private int forksLeft;
  private int reorganisations;
  private long mostBlocks = World.STORMY_HEAD;
  private final long seed;
  private int requestsUntilReorganised = -1;
  private long forkDepth;
  private long fork = -1;

  Machine(long seed, World world, Sabotage sabotage) {
    this.seed = seed;
    this.world = world;
    this.sabotage = sabotage;
    this.stage = new Stage(seed, 3, World.timeOf(World.FIRST_HEAD));
    this.weather = new Weather(seed);
    this.forks = new Random(seed * 37 + 11);
    this.forksLeft = forks.nextInt(4);
    this.node = new PlayedNode(world.chain);
    this.auditor = new Auditor(world, () -> head() - World.LAG);
    bucket.watchedBy(auditor);
    if (sabotage == Sabotage.CONDITIONS_IGNORED) {
      bucket.ignoreConditions();
    }
  }

  long seed() {
    return seed;
  }

  long head() {
    return World.headAt(stage.now(), mostBlocks);
  }

  /** After so many requests to endpoints the chain leaves its newest {@code depth} blocks. */
  void willReorganise(int requests, long depth) {
    requestsUntilReorganised = requests;
    forkDepth = depth;
  }

  /** The last block that the chain kept; it reorganises now if it has not yet. */
  long fork() {
    if (fork < 0) {
      fork = Math.max(World.START, head() - forkDepth);
      stage.note("  the chain leaves its blocks above " + fork);
      world.chain.head(head());
      world.reorganise(seed, fork);
      auditor.reorganised(fork);
    }
    return fork;
  }

  /** The last block that every chain had. */
  long lastKept() {
    return fork < 0 ? Long.MAX_VALUE : fork;
  }

  /** Nothing goes wrong any more, what is on its way arrives, and the chain reaches its end. */
  void calms() {
    weather.calms();
    forksLeft = 0;
    late.forEach(Runnable::run);
    late.clear();
    mostBlocks = World.LAST_HEAD;
    stage.advanceTo(World.timeOf(World.LAST_HEAD + 1));
  }

  /**
   * Now and then the chain is reorganised, sometimes deeper than blocks wait to be scanned. Not
   * before there is a cursor: until then nothing is published, and there is nothing to go back to.
   */
  private void reorganise() {
    boolean stands = bucket.find(CursorStore.KEY).isPresent();
    if (stands && forksLeft > 0 && forks.nextInt(20) == 0) {
      forksLeft--;
      long above = head() - 1 - forks.nextInt(forks.nextBoolean() ? 8 : 50);
      world.chain.forkedAbove(above);
      stage.note("  reorganised above " + above);
      reorganisations++;
    }
  }

  /** How often the chain was reorganised. */
  int reorganisations() {
    return reorganisations;
  }

  /** A process, with nothing in memory yet. */
  @SuppressWarnings("JavaLangClash")
  final class Process {
    private final int actor;
    private boolean dies;
    final ObjectStore store;
    final ChainReader chain;
    final Ledger ledger;

    Process(int actor) {
      this.actor = actor;
      this.store = sabotage.on(new PlayedBucket(bucket, play(), late::add, this::pause), bucket);
      this.chain =
          sabotage.on(
              PlayedEndpoints.reader(
                  new Endpoints(node, this::beforeRequest),
                  FakeChain.CHAIN_ID,
                  stage.random().nextBoolean() ? 3 : 12,
                  stage.random().nextBoolean() ? 16 : 2_000,
                  stage.random().nextBoolean() ? 1 : 2,
                  sleeper(),
                  stage.random()));
      this.ledger =
          new Ledger(
              store,
              UserPrivacy.plain(),
              failures -> pause(Duration.ofMillis(1 + stage.random().nextInt(5_000))),
              Worlds.NETWORK,
              new Ledger.Run("run" + actor, stage::now));
    }

    /** What one run of this process reads the contract through. */
    ContractReader reader(int refreshed) {
      return new ContractReader(
          chain, settings(refreshed), attempt -> pause(Duration.ofSeconds(attempt)));
    }

    RollupRun rollup() {
      Publisher publisher = new Publisher(store, lost -> pause(Duration.ofSeconds(lost)));
      return new RollupRun(settings(0), ledger, RULES, publisher, 1);
    }

    void pause(Duration time) {
      stage.sleep(actor, time);
    }

    private Sleeper sleeper() {
      return new Sleeper() {
        @Override
        public Instant now() {
          return stage.now();
        }

        @Override
        public void sleep(Duration duration) {
          pause(duration);
        }
      };
    }

    private Hit beforeRequest(int endpoint, Site site) {
      Hit hit = before(site, "endpoint " + endpoint);
      world.chain.head(head());
      reorganise();
      if (requestsUntilReorganised > 0 && --requestsUntilReorganised == 0) {
        long unused = fork();
      }
      if (hit == Hit.LIES) {
        auditor.forgiveGaps();
      }
      boolean cut = sabotage == Sabotage.LOGS_CUT_SHORT && site == Site.LOGS && hit == Hit.NONE;
      return cut ? Hit.LIES : hit;
    }

    private Hit before(Site site, String what) {
      stage.step(actor, site + " " + what);
      if (!late.isEmpty() && stage.random().nextInt(4) == 0) {
        late.remove(0).run();
      }
      Hit hit = weather.at(site);
      if (hit != Hit.NONE) {
        stage.note("  " + hit);
      }
      if (hit == Hit.CRASH_BEFORE) {
        throw new Killed();
      }
      return hit;
    }

    private PlayedBucket.Play play() {
      return new PlayedBucket.Play() {
        @Override
        public PlayedBucket.Trouble before(PlayedBucket.Request request, ObjectKey key) {
          Hit hit = Process.this.before(Sites.of(request, key), key.value());
          dies = hit == Hit.CRASH_AFTER;
          return hit == Hit.NONE || dies
              ? PlayedBucket.Trouble.NONE
              : PlayedBucket.Trouble.valueOf(hit.name());
        }

        @Override
        public void after(PlayedBucket.Request request, ObjectKey key) {
          if (dies) {
            throw new Killed();
          }
        }
      };
    }
  }

  /**
   * @param refreshed how many closes a scheduled run reads again at most
   */
  IndexSettings settings(int refreshed) {
    return new IndexSettings(
        "base",
        FakeChain.CHAIN_ID,
        FakeChain.DIAMOND,
        OptionalLong.of(World.START),
        IndexSettings.Confirmation.BLOCKS,
        sabotage == Sabotage.UNSAFE_BLOCKS_INDEXED ? 0 : World.LAG,
        10,
        40,
        refreshed);
  }
}
