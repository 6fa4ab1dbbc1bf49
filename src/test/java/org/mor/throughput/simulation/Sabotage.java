package org.mor.throughput.simulation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.ChainReader.HeadTag;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ChainReader.LogSlice;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.ContractCall.CallResult;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.store.ObjectStore.ObjectVersion;
import org.mor.throughput.store.ObjectStore.StoredObject;
import org.mor.throughput.store.StoreException.StoreConflictException;

/** What is broken on purpose, so that the simulation shows that it can fail. */
enum Sabotage {
  NONE,
  CONDITIONS_IGNORED,
  CONFLICT_TAKEN_FOR_SUCCESS,
  FAILED_READ_TAKEN_FOR_EMPTY,
  OLD_BODY_WITH_NEW_VERSION,
  LOGS_CUT_SHORT,
  UNSAFE_BLOCKS_INDEXED,
  /** The chain is looked at before a scan alone, not with the logs. */
  ANCHORS_NOT_READ,
  KEY_IN_AN_ERROR;

  ObjectStore on(ObjectStore store, Bucket bucket) {
    return switch (this) {
      case CONFLICT_TAKEN_FOR_SUCCESS, FAILED_READ_TAKEN_FOR_EMPTY, OLD_BODY_WITH_NEW_VERSION ->
          new Broken(this, store, bucket);
      default -> store;
    };
  }

  ChainReader on(ChainReader chain) {
    return this == ANCHORS_NOT_READ ? new Trusting(chain, new HashMap<>()) : chain;
  }

  /** Believes that blocks are as they were when they were asked for last. */
  private record Trusting(ChainReader chain, Map<Long, BlockHeader> seen) implements ChainReader {
    @Override
    public LogSlice logs(LogQuery query) {
      LogSlice slice = chain.logs(query);
      seen.put(slice.end().number(), slice.end());
      List<BlockHeader> anchors =
          slice.anchors().stream()
              .map(header -> seen.getOrDefault(header.number(), header))
              .toList();
      return new LogSlice(slice.range(), slice.end(), slice.logs(), anchors, slice.host());
    }

    @Override
    public long chainId() {
      return chain.chainId();
    }

    @Override
    public BlockHeader head(HeadTag tag) {
      return chain.head(tag);
    }

    @Override
    public Optional<BlockHeader> header(long number) {
      Optional<BlockHeader> found = chain.header(number);
      found.ifPresent(header -> seen.put(number, header));
      return found;
    }

    @Override
    public List<Sighting> sightings(long number) {
      return chain.sightings(number);
    }

    @Override
    public List<CallResult> calls(List<ContractCall> calls, long block) {
      return chain.calls(calls, block);
    }

    @Override
    public Hash32 storage(Address contract, Hash32 slot, long block) {
      return chain.storage(contract, slot, block);
    }
  }

  private record Broken(Sabotage how, ObjectStore store, Bucket bucket) implements ObjectStore {
    @Override
    public Optional<StoredObject> find(ObjectKey key) {
      Optional<StoredObject> found = store.find(key);
      boolean fails = key.value().startsWith("raw/") && bucket.reads() % 7 == 0;
      if (how == FAILED_READ_TAKEN_FOR_EMPTY && fails) {
        return Optional.empty();
      }
      byte[] old = bucket.before(key);
      return how == OLD_BODY_WITH_NEW_VERSION && old != null
          ? found.map(object -> new StoredObject(old.clone(), object.version()))
          : found;
    }

    @Override
    public ObjectVersion create(ObjectKey key, byte[] body, ObjectAttributes attributes) {
      if (how == FAILED_READ_TAKEN_FOR_EMPTY) {
        return bucket.put(key, body);
      }
      try {
        return store.create(key, body, attributes);
      } catch (StoreConflictException conflict) {
        return taken(conflict);
      }
    }

    @Override
    public ObjectVersion replace(
        ObjectKey key, byte[] body, ObjectVersion expected, ObjectAttributes attributes) {
      try {
        return store.replace(key, body, expected, attributes);
      } catch (StoreConflictException conflict) {
        return taken(conflict);
      }
    }

    private ObjectVersion taken(StoreConflictException conflict) {
      if (how == CONFLICT_TAKEN_FOR_SUCCESS) {
        return new ObjectVersion("taken");
      }
      throw conflict;
    }

    @Override
    public List<ObjectInfo> list(String prefix) {
      return store.list(prefix);
    }

    @Override
    public String location() {
      return store.location();
    }
  }
}
