package org.mor.throughput.adapter.aws;

/** Where secrets are kept under names. */
public interface SecretSource {
  /**
   * The secret's text.
   *
   * @throws SecretUnavailableException when it cannot be read or is not text; the message never
   *     holds the secret
   */
  String read(String id);
}
