package io.backgroundjobs.test.example;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.http.HttpStatus;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import io.backgroundjobs.RejectionReason;
import io.backgroundjobs.test.InlineJobs;
import io.backgroundjobs.test.VirtualTime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

/**
 * How an application tests a controller that hands work over. Part of docs/testing.md.
 */
// tag::slice[]
@WebMvcTest(OrderController.class)
class OrderControllerMvcTests {

	@Autowired
	MockMvcTester mvc;

	@Autowired
	InlineJobs inlineJobs;

	@Autowired
	VirtualTime time;

	@MockitoBean
	Receipts receipts;

	@Test
	void receiptIsSentBeforeTheResponse() {
		assertThat(this.mvc.post().uri("/orders").content("tea")).hasStatus(HttpStatus.ACCEPTED)
			.hasBodyTextEqualTo("SUCCEEDED");
		verify(this.receipts).send("tea");
	}

	@Test
	void reviewIsAskedForAfterAWeek() {
		assertThat(this.mvc.post().uri("/orders").content("tea")).hasStatus(HttpStatus.ACCEPTED);
		verify(this.receipts, never()).send("review of tea");
		this.time.advance(Duration.ofDays(7));
		verify(this.receipts).send("review of tea");
	}

	@Test
	void clientIsToldToComeBackWhenThereIsNoRoom() {
		this.inlineJobs.rejectNext(RejectionReason.FULL);
		assertThat(this.mvc.post().uri("/orders").content("tea")).hasStatus(HttpStatus.SERVICE_UNAVAILABLE)
			.containsHeader("Retry-After");
		verify(this.receipts, never()).send("tea");
	}

}
// end::slice[]
