package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"time"
)

// fault is what goes wrong with requests whose path contains Path.
type fault struct {
	// status, password, token, cut, flip, other, moved, platform, slow, redirect
	Kind    string            `json:"kind"`
	Path    string            `json:"path"`
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers"`
	// Times is how often it happens; 0: always.
	Times int `json:"times"`
}

// request is one that came since the fault was set.
type request struct {
	Path          string `json:"path"`
	Range         string `json:"range"`
	Authorization bool   `json:"authorization"`
	// At is in milliseconds since the fault was set.
	At int64 `json:"at"`
}

type faulty struct {
	next  http.Handler
	lock  sync.Mutex
	now   fault
	since time.Time
	seen  []request
}

func (f *faulty) set(w http.ResponseWriter, r *http.Request) {
	f.lock.Lock()
	defer f.lock.Unlock()
	if r.Method == http.MethodGet {
		_ = json.NewEncoder(w).Encode(append([]request{}, f.seen...))
		return
	}
	f.now, f.since, f.seen = fault{}, time.Now(), nil
	if err := json.NewDecoder(r.Body).Decode(&f.now); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
	}
}

// take records the request, and returns the fault that it meets.
func (f *faulty) take(r *http.Request) fault {
	f.lock.Lock()
	defer f.lock.Unlock()
	f.seen = append(f.seen, request{r.URL.Path, r.Header.Get("Range"), r.Header.Get("Authorization") != "", time.Since(f.since).Milliseconds()})
	now := f.now
	if now.Kind == "" || r.Method != http.MethodGet || !strings.Contains(r.URL.Path, now.Path) {
		return fault{}
	}
	if f.now.Times == 1 {
		f.now = fault{}
	} else if f.now.Times > 1 {
		f.now.Times--
	}
	return now
}

func (f *faulty) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	now := f.take(r)
	switch now.Kind {
	case "":
		f.next.ServeHTTP(w, r)
	case "status":
		for name, value := range now.Headers {
			w.Header().Set(name, value)
		}
		http.Error(w, `{"errors":[{"code":"FAULT","message":"as the test wants it"}]}`, now.Status)
	case "password":
		if isReader(w, r) {
			f.next.ServeHTTP(w, r)
		}
	case "token":
		if r.Header.Get("Authorization") == "Bearer public" {
			f.next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("WWW-Authenticate", `Bearer realm="http://`+r.Host+`/token",service="test"`)
		w.WriteHeader(http.StatusUnauthorized)
	case "redirect":
		if !isReader(w, r) {
			return
		}
		if !strings.Contains(r.URL.Path, "/blobs/") {
			f.next.ServeHTTP(w, r)
			return
		}
		// The same server under another name.
		_, port, _ := strings.Cut(r.Host, ":")
		http.Redirect(w, r, "http://localhost:"+port+"/elsewhere"+r.URL.Path, http.StatusTemporaryRedirect)
	case "moved":
		f.moved(w, r)
	case "slow":
		select {
		case <-time.After(time.Minute):
		case <-r.Context().Done():
		}
	default:
		f.spoil(w, r, now.Kind)
	}
}

func isReader(w http.ResponseWriter, r *http.Request) bool {
	if user, secret, _ := r.BasicAuth(); user == "reader" && secret == "let-me-in" {
		return true
	}
	w.Header().Set("WWW-Authenticate", `Basic realm="test"`)
	http.Error(w, `{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}`, http.StatusUnauthorized)
	return false
}

// elsewhere is where blobs are really kept, as in a store with signed addresses: a second proof of identity is one too many.
func (f *faulty) elsewhere(w http.ResponseWriter, r *http.Request) {
	f.lock.Lock()
	f.seen = append(f.seen, request{"/elsewhere" + r.URL.Path, r.Header.Get("Range"), r.Header.Get("Authorization") != "", time.Since(f.since).Milliseconds()})
	f.lock.Unlock()
	if r.Header.Get("Authorization") != "" {
		http.Error(w, "only one auth mechanism allowed", http.StatusBadRequest)
		return
	}
	f.next.ServeHTTP(w, r)
}

// moved serves another document under each tag, and none of the two under its digest, as a mirror that was
// filled with another image than the one that is asked for.
func (f *faulty) moved(w http.ResponseWriter, r *http.Request) {
	before, reference, _ := strings.Cut(r.URL.Path, "/manifests/")
	if !strings.HasPrefix(reference, "sha256:") {
		f.spoil(w, r, "other")
		return
	}
	honest := httptest.NewRecorder()
	f.next.ServeHTTP(honest, r)
	if honest.Code == http.StatusOK && strings.Contains(honest.Header().Get("Content-Type"), "index") {
		http.Error(w, `{"errors":[{"code":"MANIFEST_UNKNOWN","message":"`+before+`"}]}`, http.StatusNotFound)
		return
	}
	f.next.ServeHTTP(w, r)
}

// spoil changes an honest answer. What is served in tests is small enough to be held.
func (f *faulty) spoil(w http.ResponseWriter, r *http.Request, kind string) {
	honest := httptest.NewRecorder()
	f.next.ServeHTTP(honest, r)
	body := bytes.Clone(honest.Body.Bytes())
	switch kind {
	case "flip":
		body[len(body)/2] ^= 1
	case "other":
		body = append(body, '\n')
	case "platform":
		body = bytes.ReplaceAll(bytes.ReplaceAll(body, []byte(`"amd64"`), []byte(`"s390x"`)), []byte(`"arm64"`), []byte(`"s390x"`))
	}
	for name, values := range honest.Header() {
		if name != "Content-Length" && name != "Docker-Content-Digest" {
			w.Header()[name] = values
		}
	}
	w.Header().Set("Docker-Content-Digest", fmt.Sprintf("sha256:%x", sha256.Sum256(body)))
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(honest.Code)
	if kind == "cut" {
		_, _ = w.Write(body[:len(body)/2])
		// What was written has to arrive, or the client sees no answer at all.
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(body)
}
