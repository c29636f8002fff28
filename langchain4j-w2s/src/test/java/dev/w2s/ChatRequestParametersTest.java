// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.listener.ChatModelErrorContext;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.w2s.guidance.WeightedGuide;
import dev.w2s.search.Budget;
import dev.w2s.search.Cancellation;
import dev.w2s.search.Guard;
import dev.w2s.search.SearchSettings;
import dev.w2s.search.Trace;
import dev.w2s.search.guard.TrustRegion;
import dev.w2s.testkit.ScriptedChatModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Parameters of the decorator, of LangChain4j and of a provider, whichever way they meet. */
class ChatRequestParametersTest {

  /** As a provider's: one parameter more, and merges make its own class. */
  private static class ProviderParameters extends DefaultChatRequestParameters {
    final String effort;

    ProviderParameters(Builder builder) {
      super(builder);
      effort = builder.effort;
    }

    static Builder of(String effort) {
      Builder builder = new Builder();
      builder.effort = effort;
      return builder;
    }

    @Override
    public ProviderParameters overrideWith(ChatRequestParameters that) {
      return new Builder().overrideWith(this).overrideWith(that).build();
    }

    @Override
    public ProviderParameters defaultedBy(ChatRequestParameters that) {
      return new Builder().overrideWith(that).overrideWith(this).build();
    }

    static final class Builder extends DefaultChatRequestParameters.Builder<Builder> {
      String effort;

      @Override
      public Builder overrideWith(ChatRequestParameters that) {
        super.overrideWith(that);
        if (that instanceof ProviderParameters own && own.effort != null) {
          effort = own.effort;
        }
        return this;
      }

      @Override
      public ProviderParameters build() {
        return new ProviderParameters(this);
      }
    }
  }

  private static final class OtherParameters extends DefaultChatRequestParameters {
    OtherParameters() {
      super(DefaultChatRequestParameters.builder());
    }
  }

  private final WordGuide guide = new WordGuide("good");
  private final ScriptedChatModel delegate =
      ScriptedChatModel.saying("good")
          .withDefaults(ProviderParameters.of("low").temperature(0.1).topK(7).build());

  private WeakToStrongChatModel.Builder guided() {
    return WeakToStrongChatModel.builder().delegate(delegate).guide("good", guide, 1);
  }

  private ProviderParameters received(WeakToStrongChatModel model, ChatRequestParameters given) {
    model.chat(ChatRequest.builder().messages(UserMessage.from("?")).parameters(given).build());
    List<ChatRequest> requests = delegate.requests();
    return (ProviderParameters) requests.get(requests.size() - 1).parameters();
  }

  @Test
  void theDelegateReceivesItsOwnClassWhateverTheRequestCarries() {
    WeakToStrongChatModel model = guided().topP(0.5).maxTokens(20).build();

    ProviderParameters plain = received(model, DefaultChatRequestParameters.builder().build());
    assertThat(plain.effort).isEqualTo("low");
    assertThat(plain.temperature()).isEqualTo(0.1);
    assertThat(plain.topK()).isEqualTo(7);
    assertThat(plain.topP()).isEqualTo(0.5);
    assertThat(plain.maxOutputTokens()).isEqualTo(20);

    ProviderParameters providers =
        received(model, ProviderParameters.of("high").temperature(0.9).build());
    assertThat(providers.effort).isEqualTo("high");
    assertThat(providers.temperature()).isEqualTo(0.9);
    assertThat(providers.topP()).isEqualTo(0.5);

    ProviderParameters around =
        received(
            model,
            WeakToStrongChatRequestParameters.builder()
                .delegate(ProviderParameters.of("high").temperature(0.9).topP(0.2).build())
                .temperature(0.3)
                .beamWidth(1)
                .successors(2)
                .build());
    assertThat(around.effort).isEqualTo("high");
    assertThat(around.temperature()).isEqualTo(0.3);
    assertThat(around.topP()).isEqualTo(0.2);
    assertThat(around.maxOutputTokens()).isEqualTo(20);

    ProviderParameters ours =
        received(model, WeakToStrongChatRequestParameters.builder().temperature(0.4).build());
    assertThat(ours.effort).isEqualTo("low");
    assertThat(ours.temperature()).isEqualTo(0.4);
  }

  @Test
  void mergesKeepOursOnEitherSide() {
    WeakToStrongChatRequestParameters ours =
        WeakToStrongChatRequestParameters.builder().beamWidth(3).seed(5L).temperature(0.2).build();
    ChatRequestParameters plain = DefaultChatRequestParameters.builder().temperature(0.7).build();

    ChatRequestParameters over = plain.overrideWith(ours);
    assertThat(over)
        .isEqualTo(
            WeakToStrongChatRequestParameters.builder()
                .beamWidth(3)
                .seed(5L)
                .temperature(0.2)
                .build());
    ChatRequestParameters under = ours.overrideWith(plain);
    assertThat(under.temperature()).isEqualTo(0.7);
    assertThat(((WeakToStrongChatRequestParameters) under).call()).isEqualTo(ours.call());
    assertThat(plain.defaultedBy(ours)).isEqualTo(under);

    WeakToStrongChatRequestParameters more =
        WeakToStrongChatRequestParameters.builder().beamWidth(1).chunkLength(9).build();
    assertThat(ours.overrideWith(more))
        .isEqualTo(
            WeakToStrongChatRequestParameters.builder()
                .beamWidth(1)
                .chunkLength(9)
                .seed(5L)
                .temperature(0.2)
                .build());
    assertThat(WeakToStrongChatRequestParameters.builder().overrideWith(ours).build())
        .isEqualTo(ours);
  }

  private static WeakToStrongChatRequestParameters.Builder ours() {
    return WeakToStrongChatRequestParameters.builder();
  }

  private static final WordGuide LIKES_BAD = new WordGuide("bad");
  private static final Cancellation CANCELLATION = new Cancellation();
  private static final Trace TRACE = new Trace();

  /** Each value that a request can say, by itself. */
  private static Stream<Named<UnaryOperator<WeakToStrongChatRequestParameters.Builder>>> values() {
    return Stream.of(
        Named.of("temperature", to -> to.temperature(0.2)),
        Named.of("delegate", to -> to.delegate(ProviderParameters.of("low").topK(7).build())),
        Named.of("guided", to -> to.guided(false)),
        Named.of("names of guides", to -> to.guides("good")),
        Named.of("weights of guides", to -> to.guides(Map.of("good", 2.0))),
        Named.of("a guide", to -> to.guide("bad", LIKES_BAD, -1)),
        Named.of("beamWidth", to -> to.beamWidth(3)),
        Named.of("successors", to -> to.successors(2)),
        Named.of("chunkLength", to -> to.chunkLength(9)),
        Named.of("commitLag", to -> to.commitLag(0)),
        Named.of("budget", to -> to.budget(Budget.none().withCalls(3))),
        Named.of("guard", to -> to.guard(TrustRegion.defaults())),
        Named.of("seed", to -> to.seed(5L)),
        Named.of("trace", to -> to.trace(true)),
        Named.of("listener", to -> to.listener(TRACE)),
        Named.of("cancellation", to -> to.cancellation(CANCELLATION)));
  }

  @ParameterizedTest
  @MethodSource("values")
  void whatOneSideSaysIsKeptInEveryMerge(
      UnaryOperator<WeakToStrongChatRequestParameters.Builder> value) {
    WeakToStrongChatRequestParameters none = ours().build();
    WeakToStrongChatRequestParameters one = value.apply(ours()).build();
    assertThat(one).isNotEqualTo(none);
    assertThat(one).isEqualTo(value.apply(ours()).build());
    assertThat(one).hasSameHashCodeAs(value.apply(ours()).build());
    assertThat(one.toString()).isNotEqualTo(none.toString());
    assertThat(none.overrideWith(one)).isEqualTo(one);
    assertThat(one.overrideWith(none)).isEqualTo(one);
    assertThat(none.defaultedBy(one)).isEqualTo(one);
    assertThat(one.defaultedBy(none)).isEqualTo(one);
    assertThat(ours().overrideWith(one).build()).isEqualTo(one);
    assertThat(value.apply(ours()).overrideWith(none).build()).isEqualTo(one);
  }

  @Test
  void ofTwoThatSayTheSameTheOneThatOverridesHolds() {
    WeakToStrongChatRequestParameters first =
        ours().guided(true).beamWidth(1).successors(1).chunkLength(1).commitLag(1).seed(1L).build();
    WeakToStrongChatRequestParameters second =
        ours()
            .guided(false)
            .beamWidth(2)
            .successors(2)
            .chunkLength(2)
            .commitLag(2)
            .seed(2L)
            .build();
    assertThat(first.overrideWith(second)).isEqualTo(second);
    assertThat(first.defaultedBy(second)).isEqualTo(first);
    assertThat(ours().overrideWith(first).overrideWith(second).build()).isEqualTo(second);
  }

  @Test
  void aBuilderTakesOverWhatAProviderSaysAndGuidesToBeAddedTo() {
    WeakToStrongChatRequestParameters given =
        ours().delegate(ProviderParameters.of("high").build()).guide("bad", LIKES_BAD, -1).build();
    WeakToStrongChatRequestParameters taken =
        ours()
            .delegate(ProviderParameters.of("low").topK(7).build())
            .overrideWith(given)
            .guide("worse", LIKES_BAD, -2)
            .build();
    assertThat(taken.delegateParameters())
        .isInstanceOfSatisfying(
            ProviderParameters.class,
            own -> {
              assertThat(own.effort).isEqualTo("high");
              assertThat(own.topK()).isEqualTo(7);
            });
    assertThat(taken.call())
        .isEqualTo(ours().guide("bad", LIKES_BAD, -1).guide("worse", LIKES_BAD, -2).build().call());
  }

  @Test
  void aRequestSaysHowItsSearchGoesAndWhatItMayCost() {
    Guidance built =
        new Guidance(SearchSettings.defaults(), List.of(new WeightedGuide("good", guide, 1)));
    Budget budget = Budget.none().withCalls(3);
    Guard guard = TrustRegion.defaults();
    CallSettings call =
        ours().beamWidth(1).successors(2).chunkLength(9).budget(budget).guard(guard).build().call();
    assertThat(call.over(built, 7).settings())
        .isEqualTo(
            SearchSettings.chunkBeam(1, 2, 9).withMaxTokens(7).withBudget(budget).withGuard(guard));
    assertThat(ours().build().call().over(built, null)).isEqualTo(built);
  }

  @Test
  void whatTheModelIsBuiltWithReachesTheDelegate() {
    ProviderParameters sent =
        received(
            guided().temperature(0.3).topK(9).topP(0.5).stop(List.of("END")).maxTokens(20).build(),
            DefaultChatRequestParameters.builder().build());
    assertThat(sent.temperature()).isEqualTo(0.3);
    assertThat(sent.topK()).isEqualTo(9);
    assertThat(sent.topP()).isEqualTo(0.5);
    assertThat(sent.stopSequences()).containsExactly("END");
    assertThat(sent.maxOutputTokens()).isEqualTo(20);
  }

  @Test
  void refusesTheParametersOfAnotherProvider() {
    assertThatThrownBy(() -> received(guided().build(), new OtherParameters()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            OtherParameters.class.getName(), ProviderParameters.class.getName());
  }

  @Test
  void listenersSeeTheGuidedRequestOnceAndTheDelegatesItsCalls() {
    Recorder ours = new Recorder();
    Recorder theirs = new Recorder();
    delegate.withListeners(theirs);
    WeakToStrongChatModel model =
        guided().beamWidth(1).successors(3).topP(0.5).listeners(List.of(ours)).build();
    ChatRequestOptions options =
        ChatRequestOptions.builder().addListenerAttribute("user", "Ann").build();

    ChatResponse response =
        model.chat(ChatRequest.builder().messages(UserMessage.from("?")).build(), options);

    assertThat(ours.requests).hasSize(1);
    assertThat(ours.requests.get(0).topP()).isEqualTo(0.5);
    assertThat(ours.requests.get(0).topK()).isEqualTo(7);
    assertThat(ours.responses).containsExactly(response);
    assertThat(ours.users).containsExactly("Ann");
    assertThat(theirs.requests).hasSize(3);
    assertThat(theirs.responses).hasSize(3);
    assertThat(theirs.users).containsOnly("Ann");
  }

  @Test
  void listenersAreToldOfAnErrorOnce() {
    IllegalStateException broken = new IllegalStateException("no answer");
    Recorder ours = new Recorder();
    ChatModel failing =
        WeakToStrongChatModel.builder()
            .delegate(
                new ScriptedChatModel(
                    call -> {
                      throw broken;
                    }))
            .guide("good", guide, 1)
            .listeners(List.of(ours))
            .build();
    assertThatThrownBy(() -> failing.chat("?")).isSameAs(broken);
    assertThat(ours.errors).containsExactly(broken);
    assertThat(ours.responses).isEmpty();
  }

  private static final class Recorder implements ChatModelListener {
    final List<ChatRequest> requests = new ArrayList<>();
    final List<ChatResponse> responses = new ArrayList<>();
    final List<Throwable> errors = new ArrayList<>();
    final List<Object> users = new ArrayList<>();

    @Override
    public synchronized void onRequest(ChatModelRequestContext context) {
      requests.add(context.chatRequest());
      users.add(context.attributes().get("user"));
    }

    @Override
    public synchronized void onResponse(ChatModelResponseContext context) {
      responses.add(context.chatResponse());
    }

    @Override
    public synchronized void onError(ChatModelErrorContext context) {
      errors.add(context.error());
    }
  }

  /** Models differ in which form of a call they have of their own. */
  @Test
  void everyFormOfDelegateWorksWithAndWithoutOptions() {
    ChatResponse good = ScriptedChatModel.text("good");
    AtomicReference<ChatRequestOptions> seen = new AtomicReference<>();
    ChatModel doChat =
        new ChatModel() {
          @Override
          public ChatResponse doChat(ChatRequest request) {
            return good;
          }
        };
    ChatModel requestOnly =
        new ChatModel() {
          @Override
          public ChatResponse chat(ChatRequest request) {
            return good;
          }
        };
    ChatModel withOptions =
        new ChatModel() {
          @Override
          public ChatResponse chat(ChatRequest request, ChatRequestOptions options) {
            seen.set(options);
            return good;
          }
        };
    ChatRequestOptions options =
        ChatRequestOptions.builder().addListenerAttribute("user", "Ann").build();
    for (ChatModel form : List.of(doChat, requestOnly, withOptions)) {
      ChatModel model =
          WeakToStrongChatModel.builder().delegate(form).guide("good", guide, 1).build();
      ChatRequest request = ChatRequest.builder().messages(UserMessage.from("?")).build();
      assertThat(model.chat(request).aiMessage().text()).isEqualTo("good");
      assertThat(model.chat(request, options).aiMessage().text()).isEqualTo("good");
    }
    assertThat(seen).hasValue(options);
  }
}
