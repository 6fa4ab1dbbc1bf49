package org.mor.throughput.rollup;

import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.UserId;

/** The users, providers and models that the bitmaps of some cells speak of. */
record Directory(Names<UserId> users, Names<Address> providers, Names<Hash32> models) {
  Directory() {
    this(new Names<>(), new Names<>(), new Names<>());
  }

  /** How the numbers of this directory read in another one, which learns what it lacks. */
  Translation to(Directory other) {
    return new Translation(
        users.numbersIn(other.users),
        providers.numbersIn(other.providers),
        models.numbersIn(other.models));
  }
}
