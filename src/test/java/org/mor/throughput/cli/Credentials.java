package org.mor.throughput.cli;

/** Credentials of nobody, given as the SDK takes them from a JVM's properties. */
final class Credentials {
  private Credentials() {}

  static void whileSet(Runnable task) {
    System.setProperty("aws.accessKeyId", "test");
    System.setProperty("aws.secretAccessKey", "test");
    try {
      task.run();
    } finally {
      System.clearProperty("aws.accessKeyId");
      System.clearProperty("aws.secretAccessKey");
    }
  }
}
