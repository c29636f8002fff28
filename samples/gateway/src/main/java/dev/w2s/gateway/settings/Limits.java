// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.settings;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What a request may cost, and how many may be there at a time.
 *
 * @param body Of a request.
 * @param concurrency Answers in the making at a time.
 * @param queue Requests that wait for one of them to end; more are refused with 429.
 * @param queueTime How long a request waits; after that it is refused with 503.
 * @param time Of an answer; after that the best so far is given.
 * @param tokens Most tokens of an answer.
 * @param draws Most continuations drawn in a round, W times K.
 * @param choices Most choices of a request, prompts times n.
 * @param connections Of clients at a time; more are closed at once.
 * @param idle How long a connection may take to bring the head of its next request.
 * @param bodyTime How long the body of a request may take to come.
 * @param writeTime How long a client may read nothing while there is something to read.
 * @param keepAlive How often a stream that has nothing to say sends a comment.
 */
public record Limits(
    @DefaultValue("1MB") DataSize body,
    @DefaultValue("8") int concurrency,
    @DefaultValue("128") int queue,
    @DefaultValue("60s") Duration queueTime,
    @DefaultValue("120s") Duration time,
    @DefaultValue("512") int tokens,
    @DefaultValue("64") int draws,
    @DefaultValue("16") int choices,
    @DefaultValue("1024") int connections,
    @DefaultValue("60s") Duration idle,
    @DefaultValue("30s") Duration bodyTime,
    @DefaultValue("60s") Duration writeTime,
    @DefaultValue("15s") Duration keepAlive) {

  /** Checks the numbers. */
  public Limits {
    require("body", body.toBytes());
    require("concurrency", concurrency);
    if (queue < 0) {
      throw new SettingException("gateway.limits.queue", "it must be at least 0");
    }
    require("queue-time", queueTime.toMillis());
    require("time", time.toMillis());
    require("tokens", tokens);
    require("draws", draws);
    require("choices", choices);
    require("connections", connections);
    require("idle", idle.toMillis());
    require("body-time", bodyTime.toMillis());
    require("write-time", writeTime.toMillis());
    require("keep-alive", keepAlive.toMillis());
  }

  private static void require(String name, long value) {
    if (value < 1) {
      throw new SettingException(
          "gateway.limits." + name, "it must be at least 1, and times at least a millisecond");
    }
  }
}
