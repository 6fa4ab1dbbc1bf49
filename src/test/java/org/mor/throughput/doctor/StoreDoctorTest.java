package org.mor.throughput.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.adapter.file.FileObjectStore;
import org.mor.throughput.adapter.rpc.ProbeFinding.Level;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.store.ObjectStore.ObjectVersion;
import org.mor.throughput.store.ObjectStore.StoredObject;
import org.mor.throughput.store.StoreException.StoreConflictException;
import org.mor.throughput.store.StoreException.StoreOutcomeUnknownException;
import org.mor.throughput.store.StoreException.StoreRefusedException;
import org.mor.throughput.store.StoreException.StoreUnavailableException;

class StoreDoctorTest {
  private final MemoryObjectStore memory = new MemoryObjectStore();

  /** Whoever is another thread is one of many that write at once. */
  private final Thread owner = Thread.currentThread();

  @Test
  void aGoodStoreIsFineTheFirstAndEveryFurtherTime(@TempDir Path directory) {
    for (ObjectStore store : List.of(memory, new FileObjectStore(directory))) {
      for (String run : List.of("first", "second", "third")) {
        assertThat(new StoreDoctor(store, run).run())
            .hasSize(4)
            .allSatisfy(one -> assertThat(one.level()).as(one.toString()).isEqualTo(Level.FINE));
      }
      assertThat(store.list(""))
          .extracting(info -> info.key())
          .containsExactly(StoreDoctor.SCRATCH);
    }
  }

  @Test
  void ignoredConditionsAreFound() {
    List<Finding> findings = run(new Careless());

    assertThat(finding(findings, "create").found()).contains("If-None-Match is ignored");
    assertThat(finding(findings, "replace").found()).contains("If-Match is ignored");
    assertThat(findings.stream().filter(one -> one.level() == Level.ACT))
        .allSatisfy(one -> assertThat(one.next()).contains("two writers at once lose rows"));
  }

  @Test
  void aReadThatIsBehindIsFound() {
    List<Finding> findings =
        run(
            new Passing() {
              private Optional<StoredObject> old = Optional.empty();

              @Override
              public Optional<StoredObject> find(ObjectKey key) {
                Optional<StoredObject> now = super.find(key);
                old = old.isEmpty() ? now : old;
                return old;
              }
            });

    assertThat(finding(findings, "replace").found()).contains("does not read back the same");
  }

  @Test
  void aStoreThatChecksFirstAndWritesLaterIsFound() {
    ChecksFirst store = new ChecksFirst();

    assertThat(finding(run(store), "create").found())
        .isEqualTo(
            "of 8 writers at once 8 were accepted: the store checks the condition first and writes later");
    Finding replace = finding(run(store), "replace");
    assertThat(replace.level()).isEqualTo(Level.ACT);
    assertThat(replace.found()).startsWith("of 8 writers at once 8 were accepted");
    assertThat(replace.next()).contains("two writers at once lose rows");
  }

  @Test
  void oneOfManyWritersIsAcceptedAndTheOthersTriedTheSameVersion() {
    AtomicInteger conflicts = new AtomicInteger();
    ObjectStore store =
        new Passing() {
          @Override
          public ObjectVersion replace(
              ObjectKey key, byte[] body, ObjectVersion expected, ObjectAttributes attributes) {
            try {
              return super.replace(key, body, expected, attributes);
            } catch (StoreConflictException e) {
              // Afterwards each writes on what it has read, and how often that collides is for
              // chance.
              boolean races = !new String(body, UTF_8).matches("(?s).*\"write\":1\\d{3}\\D.*");
              conflicts.addAndGet(races ? 1 : 0);
              throw e;
            }
          }
        };

    assertThat(finding(run(store), "replace").level()).isEqualTo(Level.FINE);
    assertThat(conflicts).hasValue(StoreDoctor.ROUNDS * (Race.WRITERS - 1) + 1);
  }

  @Test
  void aStoreThatAcceptsOneWriterAndKeepsAnothersContentIsFound() {
    ObjectStore store =
        new Passing() {
          @Override
          public ObjectVersion replace(
              ObjectKey key, byte[] body, ObjectVersion expected, ObjectAttributes attributes) {
            boolean racing = !Thread.currentThread().equals(owner);
            byte[] another = (new String(body, UTF_8) + "and another's").getBytes(UTF_8);
            return super.replace(key, racing ? another : body, expected, attributes);
          }
        };

    assertThat(finding(run(store), "replace").found()).contains("another's content is there");
  }

  /** As a server does that keeps the version apart from the content, and changes it first. */
  @Test
  void aReadThatMixesTwoWritesIsFound() {
    ObjectStore store =
        new Passing() {
          private Optional<StoredObject> before = Optional.empty();

          @Override
          public synchronized Optional<StoredObject> find(ObjectKey key) {
            Optional<StoredObject> now = super.find(key);
            boolean racing = !Thread.currentThread().equals(owner);
            Optional<StoredObject> old = before;
            before = now;
            return racing && old.isPresent() && now.isPresent()
                ? Optional.of(new StoredObject(old.get().body(), now.get().version()))
                : now;
          }
        };

    Finding replace = finding(run(store), "replace");

    assertThat(replace.level()).isEqualTo(Level.ACT);
    assertThat(replace.found()).contains("the content of one write with the version of another");
    assertThat(replace.next()).contains("two writers at once lose rows");
  }

  @Test
  void aWriterThatDoesNotKnowHowItEndedIsNoSecondWinner() {
    ObjectStore store =
        new Passing() {
          @Override
          public ObjectVersion replace(
              ObjectKey key, byte[] body, ObjectVersion expected, ObjectAttributes attributes) {
            ObjectVersion version = super.replace(key, body, expected, attributes);
            if (!Thread.currentThread().equals(owner)) {
              throw new StoreOutcomeUnknownException("written, and the answer was lost");
            }
            return version;
          }
        };

    Finding replace = finding(run(store), "replace");
    assertThat(replace.level()).isEqualTo(Level.NOTE);
    assertThat(replace.found())
        .isEqualTo("none of 8 writers at once was told that it was accepted");
  }

  @Test
  void aVersionThatIsNeverAcceptedIsForAPersonToMend() {
    Finding replace =
        finding(
            run(
                new Passing() {
                  @Override
                  public ObjectVersion replace(
                      ObjectKey key,
                      byte[] body,
                      ObjectVersion expected,
                      ObjectAttributes attributes) {
                    throw new StoreConflictException("412, " + expected.token());
                  }
                }),
            "replace");

    assertThat(replace.level()).isEqualTo(Level.ACT);
    assertThat(replace.found()).contains("is refused though it is read again afterwards: 412");
    assertThat(replace.next()).contains("proxy or CDN that changes ETags");
  }

  @Test
  void whatTheMessageSaysToDoIsWhatToDo() {
    List<Finding> findings =
        run(
            new Passing() {
              @Override
              public ObjectVersion create(ObjectKey key, byte[] body, ObjectAttributes attributes) {
                throw new StoreRefusedException("Creating it: quota exceeded; next: make room");
              }
            });

    assertThat(finding(findings, "create").found()).isEqualTo("Creating it: quota exceeded");
    assertThat(finding(findings, "create").next()).isEqualTo("make room");
    assertThat(finding(findings, "replace").found()).isEqualTo("not tried");
  }

  @Test
  void aMissingKeyThatReadsAsDeniedNeedsTheRightToList() {
    StoreDoctor doctor =
        new StoreDoctor(
            new Passing() {
              @Override
              public Optional<StoredObject> find(ObjectKey key) {
                if (key.equals(StoreDoctor.NOBODY)) {
                  throw new StoreRefusedException("Reading it: S3 answered 403 AccessDenied");
                }
                return super.find(key);
              }
            },
            "run");

    List<Finding> findings = doctor.run();

    assertThat(finding(findings, "missing keys").level()).isEqualTo(Level.ACT);
    assertThat(finding(findings, "missing keys").next()).contains("s3:ListBucket");
    assertThat(finding(findings, "replace").level()).isEqualTo(Level.FINE);
    assertThat(doctor.down()).isEmpty();
  }

  @Test
  void aStoreThatRefusesEverythingIsDown() {
    StoreDoctor doctor = new StoreDoctor(new Refusing(), "run");

    assertThat(doctor.run())
        .hasSize(4)
        .allSatisfy(one -> assertThat(one.level()).isEqualTo(Level.ACT));
    assertThat(doctor.down()).containsInstanceOf(StoreRefusedException.class);
  }

  @Test
  void aStoreThatDoesNotAnswerIsNotAskedAgain() {
    StoreDoctor doctor =
        new StoreDoctor(
            new Passing() {
              @Override
              public Optional<StoredObject> find(ObjectKey key) {
                throw new StoreUnavailableException("Reading it: nobody there; try again later");
              }
            },
            "run");

    assertThat(doctor.run()).hasSize(1);
    assertThat(doctor.down()).containsInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void clocksAreCompared() {
    Instant noon = Instant.parse("2026-05-01T12:00:00Z");
    assertThat(StoreDoctor.clock(noon, noon.plusSeconds(59)).level()).isEqualTo(Level.FINE);
    assertThat(StoreDoctor.clock(noon, noon.plusSeconds(900)).found())
        .isEqualTo("this machine's clock is 900 s ahead of the store's");
    assertThat(StoreDoctor.clock(noon, noon.minusSeconds(900)).found()).contains("behind");
  }

  private static List<Finding> run(ObjectStore store) {
    return new StoreDoctor(store, "run").run();
  }

  private static Finding finding(List<Finding> findings, String topic) {
    return findings.stream().filter(one -> one.topic().equals(topic)).findFirst().orElseThrow();
  }

  /** Hands everything on. */
  private class Passing implements ObjectStore {
    @Override
    public Optional<StoredObject> find(ObjectKey key) {
      return memory.find(key);
    }

    @Override
    public ObjectVersion create(ObjectKey key, byte[] body, ObjectAttributes attributes) {
      return memory.create(key, body, attributes);
    }

    @Override
    public ObjectVersion replace(
        ObjectKey key, byte[] body, ObjectVersion expected, ObjectAttributes attributes) {
      return memory.replace(key, body, expected, attributes);
    }

    @Override
    public List<ObjectInfo> list(String prefix) {
      return memory.list(prefix);
    }

    @Override
    public String location() {
      return "test";
    }
  }

  /** Lets all writers of a race check before any of them writes, as a server without a lock may. */
  private final class ChecksFirst extends Passing {
    private final CyclicBarrier checked = new CyclicBarrier(Race.WRITERS);

    @Override
    public ObjectVersion create(ObjectKey key, byte[] body, ObjectAttributes attributes) {
      boolean absent = find(key).isEmpty();
      meet();
      return absent ? write(key, body, attributes) : super.create(key, body, attributes);
    }

    @Override
    public ObjectVersion replace(
        ObjectKey key, byte[] body, ObjectVersion expected, ObjectAttributes attributes) {
      boolean same = find(key).orElseThrow().version().equals(expected);
      meet();
      return same ? write(key, body, attributes) : super.replace(key, body, expected, attributes);
    }

    private void meet() {
      if (!Thread.currentThread().equals(owner)) {
        try {
          checked.await();
        } catch (InterruptedException | BrokenBarrierException e) {
          throw new IllegalStateException(e);
        }
      }
    }

    private synchronized ObjectVersion write(
        ObjectKey key, byte[] body, ObjectAttributes attributes) {
      Optional<StoredObject> now = find(key);
      return now.isPresent()
          ? super.replace(key, body, now.get().version(), attributes)
          : super.create(key, body, attributes);
    }
  }

  /** Writes whatever the conditions say, as a server does that does not know them. */
  private final class Careless extends Passing {
    @Override
    public ObjectVersion create(ObjectKey key, byte[] body, ObjectAttributes attributes) {
      Optional<StoredObject> stored = find(key);
      return stored.isPresent()
          ? super.replace(key, body, stored.get().version(), attributes)
          : super.create(key, body, attributes);
    }

    @Override
    public ObjectVersion replace(
        ObjectKey key, byte[] body, ObjectVersion expected, ObjectAttributes attributes) {
      ObjectVersion current =
          find(key).orElseThrow(() -> new StoreConflictException("gone")).version();
      return super.replace(key, body, current, attributes);
    }
  }

  private final class Refusing extends Passing {
    @Override
    public Optional<StoredObject> find(ObjectKey key) {
      throw new StoreRefusedException("403");
    }

    @Override
    public List<ObjectInfo> list(String prefix) {
      throw new StoreRefusedException("403");
    }
  }
}
