# The Go release that compiles; --build-arg GO_VERSION=… tries another.
ARG GO_VERSION=1.27

# Compiles on Windows, whose engine has no cache to mount; layers keep the modules.
FROM golang:${GO_VERSION}-windowsservercore-ltsc2025 AS build
SHELL ["cmd", "/S", "/C"]
USER ContainerAdministrator
ENV GOTOOLCHAIN=local
ENV CGO_ENABLED=0
WORKDIR /src

# Modules come in a step of their own, repeated only when go.mod or go.sum changes.
COPY go.mod go.sum /src/
RUN go mod download

# The sources, and what they become.
COPY . /src/
ARG VERSION=dev
RUN go build -trimpath -tags timetzdata -ldflags="-s -w -X main.version=%VERSION%" -o /out/server.exe . \
 && go build -trimpath -tags timetzdata -ldflags="-s -w -X main.version=%VERSION%" -o /out/tool.exe ./cmd/tool

# Runs only when it is asked for: docker build --target test.
FROM build AS test
RUN go vet -tags timetzdata ./... && go test -tags timetzdata ./...

# The final stage: nothing above is in the image but what is copied.
FROM mcr.microsoft.com/windows/servercore:ltsc2025
COPY --from=build /out/ /app/
EXPOSE 8080/tcp
USER ContainerUser
ENTRYPOINT ["C:\\app\\server.exe"]
