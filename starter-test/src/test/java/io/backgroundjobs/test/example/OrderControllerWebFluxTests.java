package io.backgroundjobs.test.example;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webflux.test.autoconfigure.WebFluxTest;
import org.springframework.http.HttpStatus;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.reactive.server.WebTestClient;

import io.backgroundjobs.RejectionReason;
import io.backgroundjobs.test.InlineJobs;

import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

/**
 * The same controller in WebFlux.
 */
@WebFluxTest(OrderController.class)
class OrderControllerWebFluxTests {

	@Autowired
	WebTestClient client;

	@Autowired
	InlineJobs inlineJobs;

	@MockitoBean
	Receipts receipts;

	@Test
	void receiptIsSentBeforeTheResponse() {
		this.client.post()
			.uri("/orders")
			.bodyValue("tea")
			.exchange()
			.expectStatus()
			.isAccepted()
			.expectBody(String.class)
			.isEqualTo("SUCCEEDED");
		verify(this.receipts).send("tea");
	}

	@Test
	void clientIsToldToComeBackWhenThereIsNoRoom() {
		this.inlineJobs.rejectNext(RejectionReason.FULL);
		this.client.post()
			.uri("/orders")
			.bodyValue("tea")
			.exchange()
			.expectStatus()
			.isEqualTo(HttpStatus.SERVICE_UNAVAILABLE)
			.expectHeader()
			.exists("Retry-After");
		verify(this.receipts, never()).send("tea");
	}

}
