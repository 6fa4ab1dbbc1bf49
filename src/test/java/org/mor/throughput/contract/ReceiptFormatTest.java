package org.mor.throughput.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat;

class ReceiptFormatTest {
  @Test
  void aLabelLeadsBackToItsFormat() {
    for (ReceiptFormat format : ReceiptFormat.values()) {
      assertThat(ReceiptFormat.fromLabel(format.label())).contains(format);
    }
    assertThat(ReceiptFormat.SEVEN_FIELD.label()).isEqualTo("seven-field");
    assertThat(ReceiptFormat.fromLabel("eight-field")).isEmpty();
  }
}
