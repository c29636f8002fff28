// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.gateway.admission.Admission;
import dev.w2s.gateway.settings.Limits;
import dev.w2s.gateway.settings.Upstream;
import dev.w2s.sampling.OpenAiCompatible.Api;
import java.time.Duration;
import java.util.Iterator;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;
import reactor.core.publisher.Flux;

class ResponsesTest {

  /** A slow reader may take long; the answer is made by then, and its place is another's. */
  @Test
  void whoReadsSlowlyHoldsNoPlace() {
    Duration minute = Duration.ofMinutes(1);
    Limits limits =
        new Limits(
            DataSize.ofMegabytes(1),
            1,
            1,
            minute,
            minute,
            9,
            9,
            9,
            9,
            minute,
            minute,
            minute,
            minute);
    Upstream none = new Upstream(null, null, null, 1, minute, Api.COMPLETIONS);
    Admission admission = new Admission(limits, Runnable::run);
    Responses responses = new Responses(admission, limits, new Errors(limits, none));
    Iterator<String> reader =
        responses.placed(Flux.range(0, 5000).map(String::valueOf)).toIterable(1).iterator();
    assertThat(reader.next()).isEqualTo("0");
    assertThat(admission.active()).isZero();
    int more = 0;
    while (reader.hasNext()) {
      assertThat(reader.next()).isEqualTo(String.valueOf(++more));
    }
    assertThat(more).isEqualTo(4999);
  }
}
