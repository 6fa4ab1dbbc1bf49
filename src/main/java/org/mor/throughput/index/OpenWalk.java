package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.RowArchive;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.SessionState;
import org.mor.throughput.proof.NonceWalk.OpenIdentity;
import org.mor.throughput.proof.NonceWalk;
import org.mor.throughput.proof.ProofRecord.MonthMark;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow;
import org.mor.throughput.session.SessionOpen;
import org.mor.throughput.session.UserId;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.store.ObjectStore.ObjectVersion;

/**
 * Walks over the stored opens month by month. A month that was walked before and whose partition is
 * still the same is passed over. Rows of the earlier indexer do not say what their ids are made of
 * and are no part of it. Holds one page of rows at a time.
 */
final class OpenWalk {
  private static final int PAGE = 500;

  private final RowArchive rows;
  private final PlainUsers users;

  /** Where the walk ended, and where it stood after each month it took whole. */
  record Walked(NonceWalk walk, List<MonthMark> marks) {
    Walked {
      marks = List.copyOf(marks);
    }
  }

  OpenWalk(ContractReader contract, RowArchive rows) {
    this.rows = rows;
    this.users = new PlainUsers(contract);
  }

  /**
   * Walks over the opens up to block {@code limit}.
   *
   * @param known marks of an earlier walk that went no further than {@code limit}
   */
  Walked run(List<MonthMark> known, long limit) {
    SortedMap<Month, ObjectInfo> stored = rows.partitions(RowKind.OPENS);
    List<MonthMark> marks = unchanged(known, stored);
    NonceWalk walk =
        new NonceWalk(
            marks.isEmpty() ? NonceWalk.Progress.START : marks.get(marks.size() - 1).progress());
    List<Month> rest = new ArrayList<>(stored.keySet()).subList(marks.size(), stored.size());
    boolean whole = true;
    for (Month month : rest) {
      Pages pages = new Pages(walk, limit);
      Optional<ObjectVersion> version = rows.forEachOpen(month, pages::take);
      pages.flush();
      whole &= !pages.beyond && version.isPresent();
      if (whole) {
        marks.add(new MonthMark(month, version.orElseThrow().token(), walk.progress()));
      }
    }
    return new Walked(walk, marks);
  }

  /** The leading marks whose months are stored as they were. */
  private static List<MonthMark> unchanged(
      List<MonthMark> known, SortedMap<Month, ObjectInfo> stored) {
    List<MonthMark> unchanged = new ArrayList<>();
    for (Map.Entry<Month, ObjectInfo> month : stored.entrySet()) {
      int index = unchanged.size();
      if (index == known.size()
          || !known.get(index).month().equals(month.getKey())
          || !known.get(index).version().equals(month.getValue().version().token())
          // The first opens calibrate, so a walk that found none of them starts anew.
          || known.get(index).progress().next() == 0) {
        break;
      }
      unchanged.add(known.get(index));
    }
    return unchanged;
  }

  /** Gives the rows of a month to the walk, a page at a time. */
  private final class Pages {
    private final NonceWalk walk;
    private final long limit;
    private final List<SessionOpen> page = new ArrayList<>();
    private boolean beyond;

    Pages(NonceWalk walk, long limit) {
      this.walk = walk;
      this.limit = limit;
    }

    void take(OpenRow row) {
      if (row.position().block() > limit) {
        beyond = true;
      } else if (row instanceof SessionOpen open) {
        page.add(open);
        if (page.size() == PAGE) {
          flush();
        }
      }
    }

    void flush() {
      users.identities(page).forEach(walk::add);
      page.clear();
    }
  }

  /**
   * Finds the wallets behind hashed users by asking the contract for one session of each. They stay
   * in memory and are forgotten with it. A wrong answer proves nothing: the session id would not
   * fit.
   */
  private static final class PlainUsers {
    private static final int MOST_KEPT = 100_000;

    private final ContractReader contract;
    private final Map<UserId, Address> wallets = new LinkedHashMap<>();

    PlainUsers(ContractReader contract) {
      this.contract = contract;
    }

    /** What the ids of the opens are made of, in their order. */
    List<OpenIdentity> identities(List<SessionOpen> opens) {
      if (wallets.size() > MOST_KEPT) {
        wallets.clear();
      }
      Set<Hash32> asked = new HashSet<>();
      for (Set<Hash32> next = unasked(opens, asked);
          !next.isEmpty();
          next = unasked(opens, asked)) {
        asked.addAll(next);
        // A session's user never changes, so any block will do.
        Map<Hash32, SessionState> found = contract.sessionsSince(next, 0, contract.heads().safe());
        for (SessionOpen open : opens) {
          SessionState session = found.get(open.sessionId());
          if (session != null) {
            wallets.put(open.user(), session.user());
          }
        }
      }
      List<OpenIdentity> identities = new ArrayList<>();
      for (SessionOpen open : opens) {
        identities.add(
            new OpenIdentity(open.sessionId(), wallet(open.user()), open.provider(), open.bidId()));
      }
      return identities;
    }

    /** One session of each user that is not known yet. */
    private Set<Hash32> unasked(List<SessionOpen> opens, Set<Hash32> asked) {
      Map<UserId, Hash32> next = new LinkedHashMap<>();
      for (SessionOpen open : opens) {
        if (wallet(open.user()) == null && !asked.contains(open.sessionId())) {
          next.putIfAbsent(open.user(), open.sessionId());
        }
      }
      return new HashSet<>(next.values());
    }

    private @Nullable Address wallet(UserId user) {
      return user.isHashed() ? wallets.get(user) : Address.of(user.value().toArray());
    }
  }
}
