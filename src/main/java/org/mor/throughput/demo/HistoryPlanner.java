package org.mor.throughput.demo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.mor.throughput.demo.SessionPlan.Story;

/** Spreads sessions over the history: more of them later on, fewer at night, every story told. */
final class HistoryPlanner {
  private static final long HOUR = 3_600;
  private static final long DAY = 24 * HOUR;

  /** A session that opens so many seconds before the head, and runs for so long. */
  private record Recent(Story story, long secondsBefore, long seconds) {}

  /** Stuck for minutes, hours and days, still running, and closed just now. */
  private static final List<Recent> RECENT =
      List.of(
          new Recent(Story.NEVER_CLOSED, 5_400, 3_600),
          new Recent(Story.NEVER_CLOSED, 3_000, 1_799),
          new Recent(Story.NEVER_CLOSED, 10 * HOUR, 1_799),
          new Recent(Story.NEVER_CLOSED, 20 * HOUR, 3_600),
          new Recent(Story.NEVER_CLOSED, 3 * DAY, 900),
          new Recent(Story.AT_END, 2 * HOUR, DAY),
          new Recent(Story.AT_END, 1_500, 3_600),
          new Recent(Story.AT_END, 700, 1_799),
          new Recent(Story.DISPUTED_EARLY, 2 * DAY, DAY),
          new Recent(Story.AT_END, 4_000, 1_799));

  private final long seed;
  private final SessionPlanner planner;

  HistoryPlanner(long seed, SessionPlanner planner) {
    this.seed = seed;
    this.planner = planner;
  }

  static int fewestSessions() {
    return 5 * (Story.all().size() + RECENT.size());
  }

  /** Plans that open in blocks {@code first..last}, the newest of them made to be seen now. */
  List<SessionPlan> history(int sessions, long first, long last) {
    List<Long> blocks =
        openBlocks(Dice.of(seed, "opens", 0), sessions - RECENT.size(), first, last);
    List<SessionPlan> plans = new ArrayList<>(sessions);
    for (int i = 0; i < blocks.size(); i++) {
      Dice dice = Dice.of(seed, "session", i);
      Story story = story(dice, i, blocks.size());
      long block = story == Story.TWIN && i > 0 ? blocks.get(i - 1) : blocks.get(i);
      plans.add(planner.plan(dice, story, block, null));
    }
    for (Recent recent : RECENT) {
      long block = BlockClock.blockAt(BlockClock.timeOf(last) - recent.secondsBefore());
      Dice dice = Dice.of(seed, "recent", recent.secondsBefore());
      plans.add(planner.plan(dice, recent.story(), block, recent.seconds()));
    }
    return plans;
  }

  /** Plans for a further stretch of blocks, of short sessions so that some close in it. */
  List<SessionPlan> more(int sessions, long first, long last) {
    List<SessionPlan> plans = new ArrayList<>(sessions);
    for (int i = 0; i < sessions; i++) {
      Dice dice = Dice.of(seed + first, "more", i);
      Story story = i == 0 ? Story.EARLY : Story.draw(dice);
      long block = i == 0 ? first : dice.between(first, last);
      // The first of them closes within the stretch, however short that is.
      plans.add(planner.plan(dice, story, block, i == 0 ? last - first + 1 : null));
    }
    return plans;
  }

  /** In the middle of the history each story has its turn; elsewhere they are drawn. */
  private static Story story(Dice dice, int index, int count) {
    int turn = index - count * 2 / 5;
    return turn >= 0 && turn < Story.all().size() ? Story.all().get(turn) : Story.draw(dice);
  }

  private static List<Long> openBlocks(Dice dice, int count, long first, long last) {
    List<Long> blocks = new ArrayList<>(count);
    while (blocks.size() < count) {
      long block = first + (long) ((last - first) * StrictMath.pow(dice.unit(), 0.8));
      long hour = BlockClock.timeOf(block) % DAY / HOUR;
      if (hour >= 6 || dice.perMille(500)) {
        blocks.add(block);
      }
    }
    Collections.sort(blocks);
    return blocks;
  }
}
