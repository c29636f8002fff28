// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.w2s.sampling.calls.DelegateException;
import dev.w2s.testkit.ScriptedChatModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** LangChain4j's chat models of both kinds, called in the form that they have. */
class DelegatesTest {
  private static final ChatRequest QUESTION =
      ChatRequest.builder().messages(UserMessage.from("How was it?")).build();
  private static final ChatRequestOptions OPTIONS =
      ChatRequestOptions.builder().addListenerAttribute("user", "Ann").build();
  private static final ChatRequestParameters COLD =
      ChatRequestParameters.builder().temperature(0.0).build();

  /** A listener that notes the attribute that options bring. */
  private static final class Listening implements ChatModelListener {
    private final List<String> users = new ArrayList<>();

    @Override
    public void onRequest(ChatModelRequestContext context) {
      users.add(String.valueOf(context.attributes().get("user")));
    }
  }

  /** The stream of a plain model's answers. */
  private record Streaming(ScriptedChatModel model) implements StreamingChatModel {
    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
      try {
        handler.onCompleteResponse(model.doChat(request));
      } catch (RuntimeException e) {
        handler.onError(e);
      }
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
      return model.defaultRequestParameters();
    }

    @Override
    public List<ChatModelListener> listeners() {
      return model.listeners();
    }

    @Override
    public ModelProvider provider() {
      return model.provider();
    }

    @Override
    public Set<Capability> supportedCapabilities() {
      return model.supportedCapabilities();
    }
  }

  private static List<ChatDelegate> bothOf(ScriptedChatModel model) {
    return List.of(ChatDelegate.of(model), ChatDelegate.of(new Streaming(model)));
  }

  @Test
  void optionsReachTheListenersAndTheModelsDefaultsTheRequest() {
    Listening listening = new Listening();
    ScriptedChatModel model =
        ScriptedChatModel.saying("good").withDefaults(COLD).withListeners(listening);
    for (ChatDelegate delegate : bothOf(model)) {
      assertThat(delegate.chat(QUESTION, OPTIONS).aiMessage().text()).isEqualTo("good");
      assertThat(delegate.chat(QUESTION, ChatRequestOptions.EMPTY).aiMessage().text())
          .isEqualTo("good");
    }
    assertThat(listening.users).containsExactly("Ann", "null", "Ann", "null");
    assertThat(model.requests())
        .hasSize(4)
        .allMatch(request -> request.parameters().temperature() == 0);
  }

  @Test
  void silentOnesTellNoListenerAndKeepTheDefaults() {
    Listening listening = new Listening();
    ScriptedChatModel model =
        ScriptedChatModel.saying("good").withDefaults(COLD).withListeners(listening);
    for (ChatDelegate delegate : bothOf(model)) {
      assertThat(delegate.silent().chat(QUESTION, OPTIONS).aiMessage().text()).isEqualTo("good");
      assertThat(delegate.silent().model()).isSameAs(delegate.model());
    }
    assertThat(listening.users).isEmpty();
    assertThat(model.requests())
        .hasSize(2)
        .allSatisfy(
            request -> {
              assertThat(request.messages()).isEqualTo(QUESTION.messages());
              assertThat(request.parameters().temperature()).isZero();
            });
  }

  /** Silence is for models that leave it to LangChain4j to tell listeners. */
  @Test
  void aModelWithAChatOfItsOwnIsNotSilenced() {
    ChatModel own =
        new ChatModel() {
          @Override
          public ChatResponse chat(ChatRequest request) {
            return ScriptedChatModel.text("own");
          }

          @Override
          public ChatResponse doChat(ChatRequest request) {
            return ScriptedChatModel.text("never");
          }
        };
    ChatDelegate delegate = ChatDelegate.of(own);
    assertThat(delegate.silent()).isSameAs(delegate);
    assertThat(delegate.silent().chat(QUESTION, ChatRequestOptions.EMPTY).aiMessage().text())
        .isEqualTo("own");
  }

  @Test
  void whatTheModelSaysOfItselfIsPassedOn() {
    for (ChatDelegate delegate : bothOf(ScriptedChatModel.saying("good").withDefaults(COLD))) {
      assertThat(delegate.defaultRequestParameters()).isEqualTo(COLD);
      assertThat(delegate.provider()).isEqualTo(ModelProvider.OLLAMA);
      assertThat(delegate.supportedCapabilities())
          .containsExactly(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
    }
  }

  @Test
  void onlyAStreamingModelStreams() {
    ScriptedChatModel model = ScriptedChatModel.saying("good");
    CollectingHandler handler = new CollectingHandler();
    ChatDelegate plain = ChatDelegate.of(model);
    assertThat(plain.streams()).isFalse();
    assertThatThrownBy(() -> plain.stream(QUESTION, OPTIONS, handler))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining(ScriptedChatModel.class.getName());
    ChatDelegate streaming = ChatDelegate.of(new Streaming(model));
    assertThat(streaming.streams()).isTrue();
    streaming.stream(QUESTION, OPTIONS, handler);
    assertThat(handler.await()).isNotNull();
  }

  @Test
  void nullIsNoResponse() {
    for (ChatDelegate delegate : bothOf(new ScriptedChatModel(call -> null))) {
      assertThatThrownBy(() -> delegate.silent().chat(QUESTION, OPTIONS))
          .isInstanceOf(DelegateException.class)
          .hasMessageContainingAll(delegate.model().getClass().getName(), "null");
    }
  }

  @Test
  void aLostBodyIsExplainedOfBothKinds() {
    ScriptedChatModel model =
        new ScriptedChatModel(
            call -> {
              throw new InvalidRequestException("{'loc': 'body', 'msg': 'Field required'}");
            });
    for (ChatDelegate delegate : bothOf(model)) {
      assertThatThrownBy(() -> delegate.chat(QUESTION, ChatRequestOptions.EMPTY))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("HTTP/1.1");
    }
  }
}
