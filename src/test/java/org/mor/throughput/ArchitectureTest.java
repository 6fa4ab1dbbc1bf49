package org.mor.throughput;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.mor.throughput.testing.architecture.Impure;
import org.mor.throughput.wiring.ProgramLocale;

/** Keeps the arrows between the packages one-way and the core free of the outside world. */
@AnalyzeClasses(packages = ArchitectureTest.ROOT, importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  static final String ROOT = "org.mor.throughput";

  /**
   * What each package may import of the project besides {@code base}; a package that is not here
   * may import anything.
   */
  private static final Map<String, List<String>> ARROWS =
      Map.ofEntries(
          Map.entry("base", List.of()),
          Map.entry("chain", List.of()),
          Map.entry("store", List.of()),
          Map.entry("contract", List.of("chain")),
          Map.entry("session", List.of("contract", "chain")),
          Map.entry("proof", List.of("session", "contract", "chain")),
          Map.entry("stateproof", List.of("contract", "chain")),
          Map.entry("archive", List.of("proof", "session", "store", "contract", "chain")),
          Map.entry("rollup", List.of("session", "contract", "chain")),
          Map.entry(
              "publish",
              List.of("rollup", "archive", "proof", "store", "session", "contract", "chain")),
          Map.entry(
              "index",
              List.of(
                  "publish",
                  "rollup",
                  "archive",
                  "stateproof",
                  "proof",
                  "store",
                  "session",
                  "contract",
                  "chain")),
          Map.entry(
              "verify",
              List.of(
                  "index",
                  "publish",
                  "rollup",
                  "archive",
                  "stateproof",
                  "proof",
                  "store",
                  "session",
                  "contract",
                  "chain")),
          Map.entry("doctor", List.of("adapter.rpc", "store", "chain")),
          Map.entry("report", List.of("publish", "rollup", "store", "session", "chain")),
          Map.entry("export", List.of("archive", "store", "session", "contract", "chain")),
          Map.entry("pull", List.of("archive", "session", "store")),
          Map.entry("logging", List.of()),
          Map.entry("adapter.rpc", List.of("contract", "chain")),
          Map.entry("adapter.s3", List.of("store")),
          Map.entry("adapter.file", List.of("store")),
          Map.entry("adapter.aws", List.of("publish")),
          Map.entry("metrics", List.of()),
          Map.entry("load", List.of("rollup")),
          Map.entry("telemetry", List.of("rollup", "serve")),
          Map.entry(
              "config", List.of("adapter.aws", "index", "logging", "session", "store", "chain")),
          Map.entry(
              "wiring",
              List.of(
                  "config",
                  "adapter",
                  "logging",
                  "index",
                  "publish",
                  "rollup",
                  "archive",
                  "store",
                  "session",
                  "contract",
                  "chain")));

  private static final Set<String> ENTRY_POINTS =
      Set.of("lambda", "cli", "serve", "demo", "live", "relay");

  private static final String[] CORE =
      Stream.of(
              "chain",
              "contract",
              "session",
              "store",
              "proof",
              "stateproof",
              "archive",
              "rollup",
              "publish",
              "index",
              "verify")
          .map(name -> ROOT + "." + name + "..")
          .toArray(String[]::new);

  /** The packages that read or write JSON. */
  private static final String[] JACKSON_USERS =
      Stream.of(
              "adapter.rpc",
              "archive",
              "base",
              "cli",
              "demo",
              "export",
              "index",
              "lambda",
              "live",
              "load",
              "logging",
              "metrics",
              "publish",
              "pull",
              "relay",
              "report",
              "serve",
              "telemetry")
          .map(name -> ROOT + "." + name + "..")
          .toArray(String[]::new);

  private static final String[] OUTSIDE = {
    "java.net..",
    "java.nio.file..",
    "java.nio.channels..",
    "software.amazon..",
    "com.amazonaws..",
    "com.sun.net..",
    "picocli..",
    "me.tongfei..",
    "ch.qos.logback.."
  };

  @ArchTest
  static final ArchRule NO_CYCLES = slices().matching(ROOT + ".(**)").should().beFreeOfCycles();

  @ArchTest
  static void importsFollowTheArrows(JavaClasses classes) {
    ARROWS.forEach((name, allowed) -> arrows(name, allowed).check(classes));
  }

  private static ArchRule arrows(String name, List<String> allowed) {
    String[] known =
        Stream.concat(Stream.of(name, "base"), allowed.stream())
            .map(p -> ROOT + "." + p + "..")
            .toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAPackage(ROOT + "." + name + "..")
        .should()
        .dependOnClassesThat(
            resideInAPackage(ROOT + "..")
                .and(not(resideInAnyPackage(known)))
                .as("reside in a package of the project other than %s and %s", name, allowed))
        .allowEmptyShould(true);
  }

  /** Nothing knows that events are streamed or passed on but the commands that start it. */
  @ArchTest
  static final ArchRule LIVE_IS_KNOWN_TO_THE_COMMAND_LINE_ONLY = knownToTheCommandLineOnly("live");

  @ArchTest
  static final ArchRule RELAY_IS_KNOWN_TO_THE_COMMAND_LINE_ONLY =
      knownToTheCommandLineOnly("relay");

  private static ArchRule knownToTheCommandLineOnly(String name) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + "." + name + "..", ROOT + ".cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + "." + name + "..");
  }

  @ArchTest
  static void everyPackageHasItsPlace(JavaClasses classes) {
    Set<String> unplaced = new TreeSet<>();
    classes.forEach(
        type -> {
          String name = type.getPackageName().replaceFirst("^" + ROOT + "\\.?", "");
          boolean placed =
              Stream.concat(ARROWS.keySet().stream(), ENTRY_POINTS.stream())
                  .anyMatch(p -> name.equals(p) || name.startsWith(p + "."));
          if (!placed) {
            unplaced.add(type.getName());
          }
        });
    assertThat(unplaced).as("classes in a package without rules").isEmpty();
  }

  @ArchTest
  static final ArchRule ONE_PLACE_DECIDES_THE_LOCALE =
      noClasses()
          .that()
          .doNotBelongToAnyOf(ProgramLocale.class)
          .should()
          .callMethodWhere(
              describe(
                  "get or set the default locale",
                  (JavaCall<?> call) ->
                      call.getTargetOwner().isEquivalentTo(Locale.class)
                          && call.getName().matches("[gs]etDefault")));

  @ArchTest
  static final ArchRule EVERY_ENTRY_POINT_SETS_THE_LOCALE =
      classes()
          .that()
          .implement(RequestStreamHandler.class)
          .or()
          .haveFullyQualifiedName(ROOT + ".cli.CommandLines")
          .should()
          .callMethod(ProgramLocale.class, "set");

  @ArchTest
  static final ArchRule CORE_DOES_NO_IO =
      noClasses()
          .that()
          .resideInAnyPackage(CORE)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(OUTSIDE)
                  .or(
                      describe(
                          "touch a file, a thread's sleep or randomness",
                          type ->
                              Set.of(
                                      "java.io.File",
                                      "java.io.FileInputStream",
                                      "java.io.FileOutputStream",
                                      "java.io.RandomAccessFile",
                                      "java.util.Random",
                                      "java.util.SplittableRandom",
                                      "java.security.SecureRandom",
                                      "java.util.concurrent.ThreadLocalRandom",
                                      "java.time.Clock")
                                  .contains(type.getName()))));

  @ArchTest
  static final ArchRule CORE_HAS_NO_CLOCK_ENVIRONMENT_OR_CHANCE =
      noClasses()
          .that()
          .resideInAnyPackage(CORE)
          .should()
          .callMethodWhere(
              describe("reads the clock, the environment or chance", ArchitectureTest::isImpure));

  private static boolean isImpure(JavaCall<?> call) {
    String owner = call.getTargetOwner().getName();
    return (owner.equals("java.lang.System") && !call.getName().equals("arraycopy"))
        || (owner.startsWith("java.time.") && call.getName().equals("now"))
        || (owner.equals("java.lang.Thread") && call.getName().equals("sleep"))
        || (owner.equals("java.lang.Math") && call.getName().equals("random"))
        || (owner.equals("java.util.UUID") && call.getName().equals("randomUUID"))
        || (owner.equals("java.util.Collections") && call.getName().equals("shuffle"));
  }

  @ArchTest
  static final ArchRule CORE_COUNTS_EXACTLY =
      noFields()
          .that()
          .areDeclaredInClassesThat()
          .resideInAnyPackage(CORE)
          .should()
          .haveRawType(
              describe(
                  "double or float",
                  type ->
                      Arrays.asList("double", "float", "java.lang.Double", "java.lang.Float")
                          .contains(type.getBaseComponentType().getName())));

  @ArchTest
  static final ArchRule JACKSON_STAYS_IN_ITS_PACKAGES =
      noClasses()
          .that()
          .resideOutsideOfPackages(JACKSON_USERS)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.fasterxml.jackson..");

  @ArchTest
  static final ArchRule NO_JACKSON_ANNOTATIONS =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.fasterxml.jackson.annotation..");

  @ArchTest
  static final ArchRule WEB3J_STAYS_IN_CONTRACT =
      noClasses()
          .that()
          .resideInAnyPackage(CORE)
          .and()
          .resideOutsideOfPackages(ROOT + ".contract..", ROOT + ".stateproof..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.web3j..");

  /** The predicate that keeps the clock out is worth nothing if it does not see a clock. */
  @ArchTest
  static void theClockIsSeenWhereThereIsOne(JavaClasses ignored) {
    JavaClasses impure = new ClassFileImporter().importClasses(Impure.class);
    long found =
        impure.get(Impure.class).getMethodCallsFromSelf().stream()
            .filter(ArchitectureTest::isImpure)
            .count();
    assertThat(found).isEqualTo(3);
  }

  @ArchTest
  static void sourcesStayShort(JavaClasses ignored) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      List<String> tooLong =
          files
              .filter(f -> f.toString().endsWith(".java"))
              .filter(f -> lines(f) > 300)
              .map(Path::toString)
              .toList();
      assertThat(tooLong).as("files of more than 300 lines").isEmpty();
    }
  }

  private static long lines(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
