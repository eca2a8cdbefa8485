package io.backgroundjobs.web;

import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.RejectionReason;
import io.backgroundjobs.autoconfigure.BackgroundJobWebMvcAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

class WebMvcRejectionTests {

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DispatcherServletAutoConfiguration.class,
				WebMvcAutoConfiguration.class, HttpMessageConvertersAutoConfiguration.class,
				JacksonAutoConfiguration.class, BackgroundJobWebMvcAutoConfiguration.class))
		.withUserConfiguration(Spawning.class);

	@ParameterizedTest
	@CsvSource({ "FULL,full", "OVERFLOW_TIMEOUT,overflow-timeout", "WOULD_BLOCK,would-block",
			"SHUTTING_DOWN,shutting-down", "INTERRUPTED,interrupted", "NOT_STARTED,not-started" })
	void rejectionForLackOfRoomIsServiceUnavailable(RejectionReason reason, String text) {
		mvc((mvc) -> assertThat(mvc.get().uri("/spawn/{reason}", reason.name())).hasStatus(503)
			.hasContentTypeCompatibleWith(MediaType.APPLICATION_PROBLEM_JSON)
			.hasHeader("Retry-After", "5")
			.bodyJson()
			.hasPathSatisfying("$.reason", (value) -> value.assertThat().isEqualTo(text))
			.hasPathSatisfying("$.status", (value) -> value.assertThat().isEqualTo(503))
			.hasPathSatisfying("$.instance", (value) -> value.assertThat().isEqualTo("/spawn/" + reason.name())));
	}

	@ParameterizedTest
	@CsvSource({ "DUPLICATE,duplicate", "OVERLAP,overlap", "HELD_ELSEWHERE,held-elsewhere" })
	void rejectionOfWhatIsThereAlreadyIsConflict(RejectionReason reason, String text) {
		mvc((mvc) -> assertThat(mvc.get().uri("/spawn/{reason}", reason.name())).hasStatus(409)
			.hasContentTypeCompatibleWith(MediaType.APPLICATION_PROBLEM_JSON)
			.doesNotContainHeader("Retry-After")
			.bodyJson()
			.hasPathSatisfying("$.reason", (value) -> value.assertThat().isEqualTo(text)));
	}

	@Test
	void namesOfPoolsAndJobsStayInside() {
		mvc((mvc) -> assertThat(mvc.get().uri("/spawn/FULL")).bodyText().doesNotContain("mail", "secret"));
	}

	@Test
	void functionalEndpointIsAnsweredToo() {
		mvc((mvc) -> assertThat(mvc.get().uri("/function")).hasStatus(503).hasHeader("Retry-After", "5"));
	}

	@Test
	void rejectionAsACauseIsAnsweredToo() {
		mvc((mvc) -> assertThat(mvc.get().uri("/wrapped")).hasStatus(503));
	}

	@Test
	void retryAfterIsRoundedUpToSeconds() {
		this.runner.withPropertyValues("background-jobs.web.retry-after=1100ms")
			.run((context) -> assertThat(MockMvcTester.from(context).get().uri("/spawn/FULL")).hasHeader("Retry-After",
					"2"));
	}

	@Test
	void adviceOfTheApplicationComesFirst() {
		this.runner.withUserConfiguration(OwnAdvice.class)
			.run((context) -> assertThat(MockMvcTester.from(context).get().uri("/spawn/FULL")).hasStatusOk()
				.hasBodyTextEqualTo("handled"));
	}

	@Test
	void handlerOfTheControllerComesFirst() {
		this.runner.withUserConfiguration(OwnController.class)
			.run((context) -> assertThat(MockMvcTester.from(context).get().uri("/own")).hasStatusOk()
				.hasBodyTextEqualTo("handled"));
	}

	private void mvc(Consumer<MockMvcTester> test) {
		this.runner.run((context) -> test.accept(MockMvcTester.from(context)));
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
			return RouterFunctions.route().GET("/function", (request) -> {
				throw rejection(RejectionReason.FULL);
			}).build();
		}

	}

	@RestController
	static class SpawningController {

		@GetMapping("/spawn/{reason}")
		String spawn(@PathVariable RejectionReason reason) {
			throw rejection(reason);
		}

		@GetMapping("/wrapped")
		String wrapped() {
			throw new CompletionException(rejection(RejectionReason.FULL));
		}

	}

	@RestController
	static class OwnController {

		@GetMapping("/own")
		String spawn() {
			throw rejection(RejectionReason.FULL);
		}

		@ExceptionHandler
		String handle(JobRejectedException ex) {
			return "handled";
		}

	}

	@ControllerAdvice
	static class OwnAdvice {

		@ExceptionHandler
		@ResponseBody
		String handle(JobRejectedException ex) {
			return "handled";
		}

	}

}
