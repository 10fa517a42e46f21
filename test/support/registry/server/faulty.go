package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"time"
)

// fault is what goes wrong with requests whose path contains Path.
type fault struct {
	// status, password, cut, flip, other, platform, slow
	Kind   string `json:"kind"`
	Path   string `json:"path"`
	Status int    `json:"status"`
}

type faulty struct {
	next http.Handler
	lock sync.Mutex
	now  fault
}

func (f *faulty) set(w http.ResponseWriter, r *http.Request) {
	f.lock.Lock()
	defer f.lock.Unlock()
	f.now = fault{}
	if err := json.NewDecoder(r.Body).Decode(&f.now); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
	}
}

func (f *faulty) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.lock.Lock()
	now := f.now
	f.lock.Unlock()
	if now.Kind == "" || r.Method != http.MethodGet || !strings.Contains(r.URL.Path, now.Path) {
		f.next.ServeHTTP(w, r)
		return
	}
	switch now.Kind {
	case "status":
		http.Error(w, `{"errors":[{"code":"FAULT","message":"as the test wants it"}]}`, now.Status)
	case "password":
		if user, secret, _ := r.BasicAuth(); user == "reader" && secret == "let-me-in" {
			f.next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("WWW-Authenticate", `Basic realm="test"`)
		http.Error(w, `{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}`, http.StatusUnauthorized)
	case "slow":
		select {
		case <-time.After(time.Minute):
		case <-r.Context().Done():
		}
	default:
		f.spoil(w, r, now.Kind)
	}
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
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(honest.Code)
	if kind == "cut" {
		_, _ = w.Write(body[:len(body)/2])
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(body)
}
