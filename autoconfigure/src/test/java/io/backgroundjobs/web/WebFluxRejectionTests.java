package io.backgroundjobs.web;

import java.util.Map;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.codec.autoconfigure.CodecsAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.error.ErrorWebFluxAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;

import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.RejectionReason;
import io.backgroundjobs.autoconfigure.BackgroundJobWebFluxAutoConfiguration;

class WebFluxRejectionTests {

	private final ReactiveWebApplicationContextRunner runner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(HttpHandlerAutoConfiguration.class, WebFluxAutoConfiguration.class,
				ErrorWebFluxAutoConfiguration.class, CodecsAutoConfiguration.class, JacksonAutoConfiguration.class,
				BackgroundJobWebFluxAutoConfiguration.class))
		.withUserConfiguration(Spawning.class);

	@ParameterizedTest
	@CsvSource({ "FULL,full", "OVERFLOW_TIMEOUT,overflow-timeout", "WOULD_BLOCK,would-block",
			"SHUTTING_DOWN,shutting-down", "INTERRUPTED,interrupted", "NOT_STARTED,not-started" })
	void rejectionForLackOfRoomIsServiceUnavailable(RejectionReason reason, String text) {
		client((client) -> client.get()
			.uri("/spawn/{reason}", reason.name())
			.exchange()
			.expectStatus()
			.isEqualTo(HttpStatus.SERVICE_UNAVAILABLE)
			.expectHeader()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.expectHeader()
			.valueEquals("Retry-After", "5")
			.expectBody()
			.jsonPath("$.reason")
			.isEqualTo(text)
			.jsonPath("$.status")
			.isEqualTo(503)
			.jsonPath("$.instance")
			.isEqualTo("/spawn/" + reason.name()));
	}

	@ParameterizedTest
	@CsvSource({ "DUPLICATE,duplicate", "OVERLAP,overlap", "HELD_ELSEWHERE,held-elsewhere" })
	void rejectionOfWhatIsThereAlreadyIsConflict(RejectionReason reason, String text) {
		client((client) -> client.get()
			.uri("/spawn/{reason}", reason.name())
			.exchange()
			.expectStatus()
			.isEqualTo(HttpStatus.CONFLICT)
			.expectHeader()
			.doesNotExist("Retry-After")
			.expectBody()
			.jsonPath("$.reason")
			.isEqualTo(text));
	}

	@Test
	void functionalEndpointIsAnsweredToo() {
		client((client) -> client.get()
			.uri("/function")
			.exchange()
			.expectStatus()
			.isEqualTo(HttpStatus.SERVICE_UNAVAILABLE)
			.expectBody()
			.jsonPath("$.reason")
			.isEqualTo("full"));
	}

	@Test
	void otherFailuresAreLeftToOthers() {
		client((client) -> client.get()
			.uri("/broken")
			.exchange()
			.expectStatus()
			.is5xxServerError()
			.expectHeader()
			.doesNotExist("Retry-After"));
	}

	@Test
	void retryAfterIsRoundedUpToSeconds() {
		this.runner.withPropertyValues("background-jobs.web.retry-after=1100ms")
			.run((context) -> WebTestClient.bindToApplicationContext(context)
				.build()
				.get()
				.uri("/spawn/FULL")
				.exchange()
				.expectHeader()
				.valueEquals("Retry-After", "2"));
	}

	@Test
	void adviceOfTheApplicationComesFirst() {
		assertHandledBy(OwnAdvice.class);
	}

	@Test
	void exceptionHandlerOfTheApplicationComesFirst() {
		assertHandledBy(OwnExceptionHandler.class);
	}

	private void assertHandledBy(Class<?> configuration) {
		this.runner.withUserConfiguration(configuration)
			.run((context) -> WebTestClient.bindToApplicationContext(context)
				.build()
				.get()
				.uri("/spawn/FULL")
				.exchange()
				.expectStatus()
				.isAccepted());
	}

	private void client(Consumer<WebTestClient> test) {
		this.runner.run((context) -> test.accept(WebTestClient.bindToApplicationContext(context).build()));
	}

	private static JobRejectedException rejection(RejectionReason reason) {
		return new JobRejectedException(reason, "mail", "the job 'secret' was not accepted by 'mail'");
	}

	@Configuration(proxyBeanMethods = false)
	static class Spawning {

		@Bean
		SpawningController spawningController() {
			return new SpawningController();
		}

		@Bean
		RouterFunction<ServerResponse> function() {
			return RouterFunctions.route()
				.GET("/function", (request) -> Mono.error(rejection(RejectionReason.FULL)))
				.build();
		}

	}

	@RestController
	static class SpawningController {

		@GetMapping("/spawn/{reason}")
		Mono<Map<String, String>> spawn(@PathVariable RejectionReason reason) {
			return Mono.error(rejection(reason));
		}

		@GetMapping("/broken")
		Mono<String> broken() {
			return Mono.error(new IllegalStateException("broken"));
		}

	}

	@ControllerAdvice
	static class OwnAdvice {

		@ExceptionHandler

		ResponseEntity<Void> handle(JobRejectedException ex) {
			return ResponseEntity.accepted().build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnExceptionHandler {

		@Bean
		@Order(-1)
		WebExceptionHandler ownHandler() {
			return (exchange, ex) -> {
				exchange.getResponse().setStatusCode(HttpStatus.ACCEPTED);
				return exchange.getResponse().setComplete();
			};
		}

	}

}
