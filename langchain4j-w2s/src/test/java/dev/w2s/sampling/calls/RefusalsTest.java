// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.exception.InvalidRequestException;
import dev.w2s.server.ServerException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalsTest {

  @ParameterizedTest
  @CsvSource({"400, true", "422, true", "0, false", "401, false", "404, false", "500, false"})
  void badRequestsAndUnprocessableOnesAreRefusals(int status, boolean refusal) {
    assertThat(Refusals.isRefusal(new ServerException("no", status))).isEqualTo(refusal);
  }

  @Test
  void ofADelegateInvalidRequestsAreRefusals() {
    assertThat(Refusals.isRefusal(new InvalidRequestException("no"))).isTrue();
    assertThat(Refusals.isRefusal(new IllegalStateException("400"))).isFalse();
  }

  /** A server that has read the messages has not lost the body. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'loc': ['body'], 'msg': 'Field required'}; true",
        "{'loc': ['body', 'messages'], 'msg': 'Field required'}; false",
        "{'loc': ['query'], 'msg': 'Field required'}; false",
        "{'loc': ['body'], 'msg': 'too long'}; false",
      })
  void onlyALostBodyIsExplained(String said, boolean explained) {
    InvalidRequestException refusal = new InvalidRequestException(said);
    InvalidRequestException told = Refusals.explained(refusal);
    if (explained) {
      assertThat(told)
          .hasMessageStartingWith(said)
          .hasMessageContaining("HTTP/1.1")
          .hasCause(refusal);
    } else {
      assertThat(told).isSameAs(refusal);
    }
  }
}
