// Uploads photos, and shows what becomes of them. No library: the page is an example of the API.

const UPLOADS_AT_ONCE = 3;
const ENDED = new Set(['SUCCEEDED', 'FAILED', 'CANCELLED']);
const NOTES = {
	SCHEDULED: 'Waits to be picked up',
	PENDING: 'Waits for a free place',
	RUNNING: 'Making thumbnails',
	CANCELLED: 'Cancelled',
};

const byId = (id) => document.getElementById(id);
const queue = [];
const cards = new Map();
let uploading = 0;
let timer;

// --- uploads

function enqueue(files) {
	for (const file of files) {
		const row = byId('upload').content.firstElementChild.cloneNode(true);
		row.querySelector('.name').textContent = file.name;
		row.querySelector('progress').setAttribute('aria-label', `Upload of ${file.name}`);
		const upload = { file, row, cancelled: false, finish: undefined };
		const button = row.querySelector('button');
		button.textContent = 'Cancel';
		button.setAttribute('aria-label', `Cancel the upload of ${file.name}`);
		button.addEventListener('click', () => dismiss(upload));
		note(upload, 'Waits for its turn');
		byId('uploads').append(row);
		queue.push(upload);
	}
	showUploads();
	startUploads();
}

function startUploads() {
	while (uploading < UPLOADS_AT_ONCE && queue.length > 0) {
		uploading++;
		run(queue.shift()).finally(() => {
			uploading--;
			startUploads();
		});
	}
}

async function run(upload) {
	while (!upload.cancelled) {
		note(upload, 'Uploading');
		const answer = await send(upload);
		if (upload.cancelled) {
			return;
		}
		if (answer.status === 202) {
			dismiss(upload);
			refresh();
			return;
		}
		if (answer.status !== 503) {
			fail(upload, answer.reason);
			return;
		}
		await busy(upload, answer);
	}
}

// XMLHttpRequest, because fetch does not tell how much was sent.
function send(upload) {
	return new Promise((resolve) => {
		const request = new XMLHttpRequest();
		const progress = upload.row.querySelector('progress');
		request.upload.addEventListener('progress', (event) => {
			progress.value = event.lengthComputable ? 100 * event.loaded / event.total : 0;
		});
		request.addEventListener('load', () => resolve({
			status: request.status,
			retryAfter: Number.parseInt(request.getResponseHeader('Retry-After'), 10) || 5,
			reason: reasonOf(request),
		}));
		request.addEventListener('error', () => resolve({ status: 0, reason: 'The server cannot be reached.' }));
		request.addEventListener('abort', () => resolve({ status: 0 }));
		upload.finish = () => request.abort();
		const form = new FormData();
		form.append('photo', upload.file);
		request.open('POST', 'photos');
		request.send(form);
	});
}

function reasonOf(request) {
	try {
		const problem = JSON.parse(request.responseText);
		return problem.detail ?? problem.title ?? problem.error;
	}
	catch {
		return `The server answered ${request.status}.`;
	}
}

// The server has no room and says when to come again: say so, and do.
async function busy(upload, answer) {
	upload.row.querySelector('progress').value = 0;
	for (let left = answer.retryAfter; left > 0 && !upload.cancelled; left--) {
		note(upload, `The shelf is busy (503). Trying again in ${left} s.`);
		await new Promise((resolve) => {
			const second = setTimeout(resolve, 1000);
			upload.finish = () => {
				clearTimeout(second);
				resolve();
			};
		});
	}
}

function note(upload, text) {
	upload.row.querySelector('.note').textContent = text;
}

function fail(upload, reason) {
	upload.row.classList.add('bad');
	upload.row.querySelector('progress').hidden = true;
	const button = upload.row.querySelector('button');
	button.textContent = 'Dismiss';
	button.setAttribute('aria-label', `Dismiss ${upload.file.name}`);
	note(upload, reason);
	say(`${upload.file.name}: ${reason}`);
}

function dismiss(upload) {
	upload.cancelled = true;
	const waiting = queue.indexOf(upload);
	if (waiting >= 0) {
		queue.splice(waiting, 1);
	}
	upload.finish?.();
	upload.row.remove();
	showUploads();
}

function showUploads() {
	byId('uploads-section').hidden = byId('uploads').childElementCount === 0;
}

// --- the shelf

async function refresh() {
	clearTimeout(timer);
	let pause = 10_000;
	try {
		const answer = await fetch('photos', { cache: 'no-store' });
		const photos = await answer.json();
		show(photos);
		if (photos.some((photo) => !ENDED.has(photo.state))) {
			pause = 500;
		}
	}
	catch {
		say('The server cannot be reached. Trying again.');
		pause = 5000;
	}
	clearTimeout(timer);
	if (!document.hidden) {
		timer = setTimeout(refresh, pause);
	}
}

function show(photos) {
	const ids = new Set(photos.map((photo) => photo.id));
	for (const [id, card] of cards) {
		if (!ids.has(id)) {
			card.remove();
			cards.delete(id);
		}
	}
	// The latest comes first; a card that is there already stays where it is.
	for (const photo of photos.toReversed()) {
		let card = cards.get(photo.id);
		if (!card) {
			card = newCard(photo);
			cards.set(photo.id, card);
			byId('photos').prepend(card);
		}
		update(card, photo);
	}
	byId('empty').hidden = photos.length > 0;
	const waiting = photos.filter((photo) => !ENDED.has(photo.state)).length;
	say(`${photos.length} ${photos.length === 1 ? 'photo' : 'photos'}` + (waiting > 0 ? `, ${waiting} in work` : ''));
}

function newCard(photo) {
	const card = byId('photo').content.firstElementChild.cloneNode(true);
	const name = `Photo ${photo.id.slice(0, 8)}`;
	card.querySelector('img').alt = name;
	card.querySelector('progress').setAttribute('aria-label', `Thumbnails of ${name}`);
	const button = card.querySelector('button');
	button.setAttribute('aria-label', `Delete ${name}`);
	button.addEventListener('click', async () => {
		button.disabled = true;
		const neighbour = card.nextElementSibling ?? card.previousElementSibling;
		await fetch(`photos/${photo.id}`, { method: 'DELETE' }).catch(() => undefined);
		button.disabled = false;
		await refresh();
		// Whoever works with the keyboard goes on beside the card that is gone.
		(card.isConnected ? button : neighbour?.querySelector('button') ?? byId('files')).focus();
	});
	return card;
}

function update(card, photo) {
	const progress = card.querySelector('progress');
	progress.value = photo.progress;
	if (card.dataset.state === photo.state) {
		return;
	}
	card.dataset.state = photo.state;
	card.classList.toggle('bad', photo.state === 'FAILED');
	progress.hidden = ENDED.has(photo.state);
	card.querySelector('.note').textContent = photo.error ?? NOTES[photo.state] ?? '';
	const image = card.querySelector('img');
	image.hidden = photo.state !== 'SUCCEEDED';
	if (photo.state === 'SUCCEEDED') {
		const { small, medium, large } = photo.thumbnails;
		image.src = small;
		image.parentElement.href = large;
		card.querySelector('.sizes').replaceChildren(...Object.entries({ small, medium, large }).map(link));
	}
}

function link([size, address]) {
	const anchor = document.createElement('a');
	anchor.href = address;
	anchor.textContent = size;
	return anchor;
}

function say(text) {
	const status = byId('status');
	if (status.textContent !== text) {
		status.textContent = text;
	}
}

// --- wiring

byId('files').addEventListener('change', (event) => {
	enqueue(event.target.files);
	event.target.value = '';
});

const drop = byId('drop');
for (const type of ['dragenter', 'dragover']) {
	drop.addEventListener(type, (event) => {
		event.preventDefault();
		drop.classList.add('over');
	});
}
for (const type of ['dragleave', 'drop']) {
	drop.addEventListener(type, (event) => {
		event.preventDefault();
		drop.classList.remove('over');
	});
}
drop.addEventListener('drop', (event) => enqueue(event.dataTransfer.files));

document.addEventListener('visibilitychange', () => {
	if (!document.hidden) {
		refresh();
	}
});

refresh();
