package org.mor.throughput.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.store.MemoryObjectStore;

/** Chains without tags, and tags that cannot be read for a while. */
class TagsTest {
  private static final long HOUR = 3_600_000;

  @SuppressWarnings("NullAway.Init") // JUnit sets it
  @TempDir
  Path directory;

  private static final class Chain extends LiveWorld.TaggedChain {
    private final Set<HeadTag> failing = EnumSet.noneOf(HeadTag.class);
    private int asked;

    Chain(HeadTag... failing) {
      super(LiveWorld.START * 10);
      this.failing.addAll(Set.of(failing));
    }

    @Override
    public BlockHeader head(HeadTag tag) {
      asked += tag == HeadTag.LATEST ? 0 : 1;
      if (failing.contains(tag)) {
        throw new ChainUnavailableException("no block tagged " + tag.rpcName());
      }
      return super.head(tag);
    }
  }

  private LiveWorld world(Chain chain) throws IOException {
    return new LiveWorld(directory, chain, new MemoryObjectStore(), LiveWorld.config(true, 100));
  }

  private static long block(LiveWorld world, String stage) throws Exception {
    return world.json("/v1/status").path(stage + "_block").asLong();
  }

  private static String by(LiveWorld world) throws Exception {
    return world.json("/v1/status").path("stages_by").asText();
  }

  @Test
  void tagsThatCannotBeReadAtOnceAreAskedForAgain() throws Exception {
    Chain chain = new Chain(Chain.HeadTag.FINALIZED, Chain.HeadTag.SAFE);
    try (LiveWorld world = world(chain)) {
      assertThatThrownBy(world::step).isInstanceOf(ChainUnavailableException.class);
      chain.failing.clear();
      world.step();
      assertThat(by(world)).isEqualTo("tags");
      assertThat(block(world, "finalized")).isEqualTo(10_000 - LiveWorld.FINALIZED_LAG);
    }
  }

  @Test
  void aChainWithoutTagsIsFollowedByCountAndAskedAgainAnHourLater() throws Exception {
    Chain chain = new Chain(Chain.HeadTag.FINALIZED, Chain.HeadTag.SAFE);
    try (LiveWorld world = world(chain)) {
      assertThatThrownBy(world::step).isInstanceOf(ChainUnavailableException.class);
      world.step();
      assertThat(by(world)).isEqualTo("block count");
      assertThat(block(world, "finalized")).isBetween(1L, 10_000 - LiveWorld.FINALIZED_LAG);
      int asked = chain.asked;
      world.step().step();
      assertThat(chain.asked).as("for an hour").isEqualTo(asked);
      chain.failing.clear();
      world.clock.addAndGet(HOUR);
      world.step();
      assertThat(by(world)).isEqualTo("tags");
      assertThat(block(world, "finalized")).isEqualTo(10_000 - LiveWorld.FINALIZED_LAG);
    }
  }

  @Test
  void whatIsFinalIsSafeWhereTheNodeDoesNotKnowWhatIsSafe() throws Exception {
    Chain chain = new Chain(Chain.HeadTag.SAFE);
    try (LiveWorld world = world(chain)) {
      assertThatThrownBy(world::step).isInstanceOf(ChainUnavailableException.class);
      world.step();
      assertThat(block(world, "finalized")).isEqualTo(10_000 - LiveWorld.FINALIZED_LAG);
      assertThat(block(world, "safe")).isGreaterThanOrEqualTo(10_000 - LiveWorld.FINALIZED_LAG);
    }
  }

  @Test
  void theHeadIsFollowedWhileATagThatWasKnownCannotBeRead() throws Exception {
    Chain chain = new Chain();
    try (LiveWorld world = world(chain).step();
        Ears ears = world.listen("/v1/ws/lifecycle")) {
      ears.next();
      chain.failing.add(Chain.HeadTag.SAFE);
      chain.head(10_001);
      assertThatThrownBy(world::step).isInstanceOf(ChainUnavailableException.class);
      assertThat(ears.untilStage("proposed", 10_001)).isNotEmpty();
      assertThat(by(world)).isEqualTo("tags");
    }
  }
}
