package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launchers over a java and a mvn that only say how they were called. */
class LauncherTest {
  private Path dir;
  private Path project;
  private Path jar;

  @BeforeEach
  void layOutAProject(@TempDir Path temp) throws IOException {
    dir = temp.toRealPath();
    project = Files.createDirectories(dir.resolve("a project"));
    Files.createDirectories(project.resolve("src/main/java"));
    Files.createDirectories(dir.resolve("java/bin"));
    Files.createDirectories(dir.resolve("bin"));
    Files.createDirectories(dir.resolve("elsewhere"));
    Files.writeString(project.resolve("pom.xml"), "<project/>");
    for (String name : new String[] {"indexer", "spot-check"}) {
      Files.copy(Path.of(name), project.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
    }
    jar = project.resolve("target/throughput-indexer-cli.jar");
    java("17.0.15");
    program(
        "bin/mvn",
        "for a; do case $a in -Dcli.jar=*) echo built > \"${a#-Dcli.jar=}\";; esac; done");
  }

  @Test
  void theFirstCallBuildsAndTheSecondDoesNot() throws Exception {
    Ran first = run("indexer", "rollup", "--stuck", "two words");
    assertThat(first.code).isEqualTo(0);
    assertThat(first.err).isEqualTo("building...\n");
    assertThat(first.out)
        .contains(
            "-Dindexer.home=" + project + "\n", "-jar\n" + jar + "\nrollup\n--stuck\ntwo words\n");
    assertThat(jar).hasContent("built");
    assertThat(run("indexer", "status").err).isEmpty();
  }

  @Test
  void theBuildKeepsLoadedClassesOfACommandThatReadsNothing() throws Exception {
    program(
        "java/bin/java",
        "case $1 in -XX:ArchiveClassesAtExit=*) { echo \"$STORE $HOME\"; echo \"$@\"; } >"
            + " \"${1#*=}\"; exit 1;; esac; echo \"$@\"");
    Files.writeString(dir.resolve("java/release"), "JAVA_VERSION=\"21\"\n");
    Path classes = project.resolve("target/throughput-indexer-cli.jsa");

    Ran ran = run("indexer", "status");

    assertThat(ran.code).isZero();
    assertThat(ran.out).contains("-XX:SharedArchiveFile=" + classes);
    assertThat(classes)
        .content()
        .startsWith("file:" + project + "/target/none \n")
        .contains("-jar " + jar + " status --config=/dev/null");
  }

  @Test
  void aNewerSourceIsBuiltAgain() throws Exception {
    run("indexer", "status");
    Path source = Files.writeString(project.resolve("src/main/java/A.java"), "class A {}");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
    assertThat(run("indexer", "status").err).isEqualTo("building...\n");
  }

  @Test
  void withoutMavenOnThePathTheWrapperBuilds() throws Exception {
    program(
        "a project/mvnw",
        "for a; do case $a in -Dcli.jar=*) echo wrapped > \"${a#-Dcli.jar=}\";; esac; done");
    // Only what the launcher itself calls: a mvn of this machine must not be found.
    Files.createDirectories(dir.resolve("tools"));
    for (String tool :
        new String[] {
          "dirname", "env", "find", "head", "mkdir", "mv", "readlink", "rm", "rmdir", "sed", "sleep"
        }) {
      program("tools/" + tool, "exec " + onThePath(tool) + " \"$@\"");
    }
    Ran ran = run(project.resolve("indexer"), dir.resolve("tools").toString(), "status");
    assertThat(ran.code).describedAs(ran.err).isEqualTo(0);
    assertThat(jar).hasContent("wrapped");
  }

  private static Path onThePath(String tool) {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .map(folder -> Path.of(folder, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + tool + " on the PATH"));
  }

  @Test
  void aSymlinkFromAnywhereFindsTheProject() throws Exception {
    Files.createSymbolicLink(dir.resolve("elsewhere/one"), project.resolve("spot-check"));
    Files.createSymbolicLink(dir.resolve("elsewhere/two"), Path.of("one"));
    Ran ran = runProgram(dir.resolve("elsewhere/two"), "--recent", "10");
    assertThat(ran.out).contains("-jar\n" + jar + "\nspot-check\n--recent\n10\n");
  }

  @Test
  void theEngineOnSparkIsAJarOfItsOwn() throws Exception {
    String[] rollup = {"rollup", "--engine", "spark"};
    Ran unbuilt = run("indexer", rollup);
    assertThat(unbuilt.code).isEqualTo(2);
    assertThat(unbuilt.err)
        .contains("error: the engine on Spark is not built", "next: mvn -B -Pspark ");
    assertThat(unbuilt.out).isEmpty();

    Path spark = project.resolve("target/throughput-indexer-spark.jar");
    Files.writeString(spark, "built");

    Path source = Files.writeString(project.resolve("src/main/java/Changed.java"), "");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
    assertThat(run("indexer", rollup).err)
        .contains("error: the engine on Spark is older than the sources", "next: mvn -B -Pspark ");
    Files.delete(source);
    Files.setLastModifiedTime(spark, FileTime.from(Instant.now().plusSeconds(60)));

    assertThat(run("indexer", rollup).out)
        .contains("@" + project + "/src/spark/java.options\n")
        .contains("-cp\n" + spark + ":" + project + "/target/spark-libraries/*\n")
        .endsWith("org.mor.throughput.cli.Main\nrollup\n--engine\nspark\n");
    assertThat(run("indexer", "rollup").out).contains("-jar\n" + jar + "\nrollup\n");
  }

  @Test
  void anOldJavaIsRefused() throws Exception {
    java("11.0.2");
    Ran ran = run("indexer", "status");
    assertThat(ran.code).isEqualTo(2);
    assertThat(ran.err).contains("is version 11", "next: install a JDK from 17 on");
    assertThat(ran.out).isEmpty();
  }

  @Test
  void aFailedBuildLeavesNoJarAndNoLock() throws Exception {
    program("bin/mvn", "echo boom >&2; exit 1");
    Ran ran = run("indexer", "status");
    assertThat(ran.code).isEqualTo(2);
    assertThat(ran.err).contains("boom", "error: the build failed");
    assertThat(jar).doesNotExist();
    assertThat(project.resolve("target/.building")).doesNotExist();
  }

  @Test
  void theProgramsExitCodeIsPassedOn() throws Exception {
    run("indexer", "status");
    program("java/bin/java", "exit 3");
    Files.writeString(dir.resolve("java/release"), "JAVA_VERSION=\"21\"\n");
    assertThat(run("indexer", "status").code).isEqualTo(3);
  }

  private record Ran(int code, String out, String err) {}

  private Ran run(String program, String... args) throws Exception {
    return runProgram(project.resolve(program), args);
  }

  private Ran runProgram(Path program, String... args) throws Exception {
    return run(program, dir.resolve("bin") + ":" + System.getenv("PATH"), args);
  }

  private Ran run(Path program, String path, String... args) throws Exception {
    Path out = dir.resolve("out");
    Path err = dir.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(
            Stream.concat(Stream.of(program.toString()), Arrays.stream(args)).toList());
    builder.directory(dir.resolve("elsewhere").toFile());
    builder.environment().put("JAVA_HOME", dir.resolve("java").toString());
    builder.environment().put("PATH", path);
    int code = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start().waitFor();
    return new Ran(code, Files.readString(out), Files.readString(err));
  }

  private void java(String version) throws IOException {
    program(
        "java/bin/java",
        "[ \"$1\" != -version ] || { echo 'openjdk version \"%s\"' >&2; exit; }; printf '%%s\\n' \"$@\""
            .formatted(version));
  }

  private void program(String path, String body) throws IOException {
    Path file = dir.resolve(path);
    Files.write(file, ("#!/bin/sh\n" + body + "\n").getBytes(StandardCharsets.UTF_8));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
