package org.mor.throughput.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Decides what goes wrong, from the seed alone: some faults that are scattered, at most ten a
 * simulation, and up to five in a row of one cell of the matrix that is this seed's own.
 */
final class Weather {
  private static final int MOST = 10;

  private final Random random;
  private final Cell own;
  private final int oneIn;
  private final int most;
  private final List<Cell> fired = new ArrayList<>();
  private int ownLeft;
  private boolean calm;

  Weather(long seed) {
    random = new Random(seed * 31 + 7);
    own = Cell.ALL.get((int) Math.floorMod(seed, (long) Cell.ALL.size()));
    most = 1 + random.nextInt(5);
    ownLeft = most;
    oneIn = List.of(12, 30, 80, 300).get(random.nextInt(4));
  }

  /** From now on nothing goes wrong. */
  void calms() {
    calm = true;
  }

  /** What has gone wrong so far. */
  List<Cell> fired() {
    return List.copyOf(fired);
  }

  /** Whether a node lied, so that rows may be missing until the blocks are scanned again. */
  boolean lied() {
    return fired.contains(new Cell(Site.LOGS, Hit.LIES));
  }

  Hit at(Site site) {
    if (calm) {
      return Hit.NONE;
    }
    if (site == own.site() && ownLeft > 0 && (ownLeft < most || random.nextInt(3) == 0)) {
      ownLeft--;
      return fire(own);
    }
    if (fired.size() >= MOST || random.nextInt(oneIn) > 0) {
      return Hit.NONE;
    }
    Hit hit = site.hits().get(random.nextInt(site.hits().size()));
    return hit == Hit.LIES ? Hit.NONE : fire(new Cell(site, hit));
  }

  private Hit fire(Cell cell) {
    fired.add(cell);
    return cell.hit();
  }
}
