package org.mor.throughput.testing;

import java.util.List;
import java.util.stream.Collectors;

/** What strangers write into a model's name or tags, and what makes text unsafe to show. */
public final class HostileText {
  private HostileText() {}

  /** Sixty texts, each hostile to some reader of it. */
  public static List<String> all() {
    return List.of(
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "\"><svg/onload=alert(1)>",
        "'><iframe src=javascript:alert(1)>",
        "</script></title></textarea>",
        "javascript:alert(document.cookie)",
        "{{constructor.constructor('alert(1)')()}}",
        "${jndi:ldap://x.invalid/a}",
        "#{7*7} <%= 7*7 %> ${7*7}",
        "&lt;b&gt;&amp;&#0;&#x202e;",
        "<!-- --><![CDATA[ ]]>",
        "=HYPERLINK(\"http://x.invalid\";\"open\")",
        "=1+1",
        "+1+1|cmd",
        "-2+3",
        "@SUM(1;1)",
        "\t=1+1",
        "a;b,c\"d\"\"e\",\n=2",
        "\u202Eevil\u202C",
        "\u2066a\u2067b\u2068c\u2069",
        "\u200Fright\u200Eleft\u061C",
        "zero\u200Bwidth\u200C\u200D\uFEFF",
        "a\u00ADb\u2060c\u180Ed",
        "q" + "\u0317\u0318\u0319\u031A".repeat(500),
        "\u0301\u0301leading marks",
        "Z\u0351\u036B\u0343\u036A\u0302\u036B\u033D\u034F\u0334\u0319A",
        "\uD800lone high",
        "lone low\uDC00",
        "\uDBFF\uDBFFtwice",
        "nul\u0000inside",
        "\u0000",
        "bell\u0007back\u0008\u007F",
        "\u001B[31mred\u001B[0m",
        "\u001B]0;title\u0007",
        "\u001B[2J\u001B[H\u001B[?1049h",
        "\u009B31mC1",
        "\u001B]8;;http://x.invalid\u001B\\link\u001B]8;;\u001B\\",
        "x".repeat(100_000),
        "\uD83D\uDE80".repeat(20_000),
        " ".repeat(50_000) + "end",
        "__proto__",
        "constructor",
        "toString\"],\"__proto__\":{\"x\":1}",
        "line\nbreak",
        "cr\rlf\r\nerror: fake",
        "2026-01-01T00:00:00.000Z ERROR x - fake\n2026-01-01T00:00:00.000Z INFO  y - z",
        "\u2028para\u2029\u0085\u000B\u000C",
        "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67 \uD83C\uDFF4\u2620\uFE0F",
        "\uFF1Cscript\uFF1E \uFB01 \u212B",
        "../../../../etc/passwd",
        "..\\..\\windows\\system32\\con",
        "/raw/closes/2026-01.ndjson.gz",
        "%2e%2e%2f%00%0d%0a",
        "'; DROP TABLE sessions; --",
        "\" OR 1=1 --",
        "%s%n%d%x%1$s%999999999d",
        "{} {0} {} \\u0022 \\\"",
        "`reboot` $(reboot) ; reboot | reboot &",
        "",
        "\uE000\uF8FF\uFFFE\uFFFF\uDBFF\uDFFF");
  }

  /** Names of the characters in {@code text} that steer a terminal or hide; empty for none. */
  public static String unsafe(String text) {
    return text.codePoints()
        .filter(HostileText::isUnsafe)
        .mapToObj(c -> "U+%04X".formatted(c))
        .distinct()
        .collect(Collectors.joining(" "));
  }

  private static boolean isUnsafe(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }
}
