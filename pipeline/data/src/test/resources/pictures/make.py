# Makes pictures.zip: pictures of each format and, beside each, NAME.png as Pillow (libjpeg-turbo, libtiff) sees it.
# Needs Pillow, avifenc and avifdec, tiffcp; CASES names the folder cases/img of ../shared.
from PIL import Image, ImageOps
import io, os, random
random.seed(1)
W,H=24,20
def pic(mode="RGB"):
    im=Image.new("RGB",(W,H))
    for y in range(H):
        for x in range(W):
            im.putpixel((x,y),(40+8*x, 230-9*y, (60+5*x+4*y)%256))
    return im.convert(mode)
def save(name,data):
    open(name,"wb").write(data)
    im=Image.open(name)
    assert im.mode!="F"
    o=ImageOps.exif_transpose(im) if not name.endswith("tif") else im
    if name.endswith("tif"):
        o.load()
    if o.mode.startswith("I;16") or o.mode=="I":
        o=o.point(lambda v:v/256).convert("L")
    o.convert("RGB").save(name+".png")
def enc(im,fmt,**k):
    b=io.BytesIO(); im.save(b,fmt,**k); return b.getvalue()
def strip(j,app):  # drop segments
    out=bytearray(j[:2]); i=2
    while j[i+1]!=0xDA:
        n=2+(j[i+2]<<8|j[i+3])
        if j[i+1] not in app: out+=j[i:i+n]
        i+=n
    return bytes(out+j[i:])
def ids(j,new):
    b=bytearray(j); i=2; old=None
    while b[i+1]!=0xDA:
        if 0xC0<=b[i+1]<=0xC2:
            n=b[i+9]; old=[b[i+10+3*k] for k in range(n)]
            for k in range(n): b[i+10+3*k]=new[k]
        i+=2+(b[i+2]<<8|b[i+3])
    # all scans
    while True:
        i=b.find(b"\xff\xda",i)
        if i<0: break
        for k in range(b[i+4]):
            b[i+5+2*k]=new[old.index(b[i+5+2*k])]
        i+=2
    return bytes(b)
def adobe(j,t):
    return j[:2]+b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00"+bytes([t])+j[2:]
for sub,n in ((0,"444"),(2,"420")):
    base=enc(pic(),"JPEG",quality=95,subsampling=sub)
    bare=strip(base,{0xE0,0xEE})
    for new,nm in (((0,1,2),"012"),((1,2,3),"123"),((82,71,66),"RGB"),((1,0x22,0x23),"1-34-35")):
        save(f"bare-{nm}-{n}.jpg",ids(bare,new))
    for t in (0,1,2):
        save(f"adobe{t}-{n}.jpg",adobe(bare,t))
        save(f"jfif-adobe{t}-{n}.jpg",base[:20]+adobe(base,t)[2:18]+base[20:])
    save(f"jfif-RGB-{n}.jpg",ids(base,(82,71,66)))
save("progressive-bare-012.jpg",ids(strip(enc(pic(),"JPEG",quality=95,progressive=True),{0xE0}),(0,1,2)))
save("grey-bare.jpg",strip(enc(pic("L"),"JPEG",quality=95),{0xE0}))
c=enc(pic("CMYK"),"JPEG",quality=95)
save("cmyk-adobe0.jpg",c)
c0=strip(c,{0xEE,0xE0})
save("cmyk-bare.jpg",c0)
y=pic().convert("YCbCr").split()
k=Image.new("L",(W,H)); [k.putpixel((x,q),30+9*q) for x in range(W) for q in range(H)]
ycck=strip(enc(Image.merge("CMYK",[b.point(lambda v:255-v) for b in (*y,k)]),"JPEG",quality=95),{0xEE,0xE0})
save("ycck-adobe2.jpg",adobe(ycck,2))
save("ycck-adobe1.jpg",adobe(ycck,1))
# TIFF
for m in ("1","L","P","RGB","RGBA","LA","CMYK","I;16"):
    im = pic(m) if m not in("I;16","P") else (pic().quantize(32) if m=="P" else None)
    if m=="I;16":
        im=Image.new("I;16",(W,H)); [im.putpixel((x,q),(x*2500+q*100)) for x in range(W) for q in range(H)]
    for comp in (None,"tiff_lzw","tiff_adobe_deflate","packbits"):
        if comp and m not in("RGB","L"): continue
        save(f"t-{m.replace(';','')}-{comp or 'raw'}.tif",enc(im,"TIFF",compression=comp) if comp else enc(im,"TIFF"))
save("t-jpeg.tif",enc(pic(),"TIFF",compression="jpeg",quality=95))
for o in range(1,9):
    save(f"t-orient{o}.tif",enc(pic(),"TIFF",tiffinfo={274:o}))
    ex=Image.Exif(); ex[274]=o
    save(f"p-orient{o}.png",enc(pic(),"PNG",exif=ex))
    save(f"j-orient{o}.jpg",enc(pic(),"JPEG",quality=95,exif=ex))
    save(f"w-orient{o}.webp",enc(pic(),"WEBP",lossless=True,exif=ex.tobytes()))
# PNG, GIF, BMP
for m in ("1","L","LA","RGB","RGBA","I;16"):
    im = pic(m) if m!="I;16" else Image.new("I;16",(W,H))
    if m=="I;16": [im.putpixel((x,q),(x*2500+q*100)) for x in range(W) for q in range(H)]
    if m in("LA","RGBA"): im.putalpha(k)
    save(f"p-{m.replace(';','')}.png",enc(im,"PNG"))
save("p-palette-alpha.png",enc(pic().quantize(32),"PNG",transparency=bytes(range(0,256,8))))
save("g.gif",enc(pic().quantize(64),"GIF"))
save("g-transparent.gif",enc(pic().quantize(64),"GIF",transparency=3))
for m in("1","L","P","RGB"):
    save(f"b-{m}.bmp",enc(pic().quantize(32) if m=="P" else pic(m),"BMP"))
for q,lossless in((80,False),(100,True)):
    for m in("RGB","RGBA"):
        im=pic(m)
        if m=="RGBA": im.putalpha(k)
        save(f"w-{m}-{'lossless' if lossless else 'lossy'}.webp",enc(im,"WEBP",lossless=lossless,quality=q))
for m in("L","RGB","RGBA"):
    im=pic(m)
    if m=="RGBA": im.putalpha(k)
    save(f"2-{m}.jp2",enc(im,"JPEG2000"))
    save(f"2-{m}-lossy.jp2",enc(im,"JPEG2000",irreversible=True,quality_mode="dB",quality_layers=[45]))
save("2.j2k",enc(pic(),"JPEG2000",no_jp2=True))
# AVIF: avifdec's pixels, turned as its irot and imir say (the table is that of Pillow's plugin)
import subprocess, glob
def avif(name,src,*opts,o=1):
    subprocess.run(["avifenc","-s","8",*opts,src,name],check=True,capture_output=True)
    subprocess.run(["avifdec",name,name+".png"],check=True,capture_output=True)
    im=Image.open(name+".png").convert("RGB")
    T={2:0,3:3,4:1,5:5,6:4,7:6,8:2}  # PIL.Image.Transpose
    if o>1: im=im.transpose(Image.Transpose(T[o]))
    im.save(name+".png")
src="p-orient1.png"
table={(0,-1):1,(1,-1):8,(2,-1):3,(3,-1):6,(-1,0):4,(-1,1):2,(1,0):5,(1,1):7,(2,0):2,(2,1):4,(3,0):7,(3,1):5}
for (irot,imir),o in table.items():
    k2=(["--irot",str(irot)] if irot>=0 else [])+(["--imir",str(imir)] if imir>=0 else [])
    avif(f"a-irot{irot}-imir{imir}.avif",src,"--lossless",*k2,o=o)
q=["--min","0","--max","10"]
avif("a-420.avif","p-RGB.png",*q,"-y","420")
avif("a-444-limited.avif","p-RGB.png",*q,"-y","444","-r","limited")
avif("a-400.avif","p-L.png",*q,"-y","400")
avif("a-444-10bit.avif","p-RGB.png",*q,"-y","444","-d","10")
avif("a-alpha.avif","p-RGBA.png",*q,"-y","444")
# TIFF by tiffcp and tiffset: tiles, planes, big-endian; what is refused
def tiffcp(name,src,*opts):
    subprocess.run(["tiffcp",*opts,src,name],check=True)
    save(name,open(name,"rb").read())
tiffcp("t-tiled.tif","t-RGB-raw.tif","-t","-w","16","-l","16")
tiffcp("t-planes.tif","t-RGB-raw.tif","-p","separate")
tiffcp("t-planes-tiled-deflate.tif","t-RGB-raw.tif","-p","separate","-t","-w","16","-l","16","-c","zip")
tiffcp("t-big-endian.tif","t-RGB-raw.tif","-B")
tiffcp("t-cmyk-lzw-predictor.tif","t-CMYK-raw.tif","-c","lzw:2")
tiffcp("t-strips.tif","t-RGB-raw.tif","-r","3","-c","packbits")
im=Image.new("F",(W,H),0.5); im.save("refused-float.tif")
Image.new("LAB",(W,H),0).save("refused-lab.tif")
big=Image.new("RGB",(128,128)); big.save("big.png")
subprocess.run(["avifenc","-s","8","--grid","2x2","big.png","refused-grid.avif"],check=True,capture_output=True)
os.remove("big.png")
avif("a-exif6.avif","p-orient6.png","--lossless",o=6)
# The cases of ../shared, beside this project
d=os.environ["CASES"]+"/"
for f in os.listdir(d):
    if f=="avif.avif":
        subprocess.run(["avifdec",d+f,"case-"+f+".png"],check=True,capture_output=True)
        im=Image.open("case-"+f+".png").convert("RGB")
    else:
        im=Image.open(d+f); im.load()
        im=im.convert("RGB")
    im.save("case-"+f+".png")
import zipfile
os.remove("pictures.zip") if os.path.exists("pictures.zip") else None
with zipfile.ZipFile("pictures.zip","w",zipfile.ZIP_DEFLATED) as z:
    for f in sorted(glob.glob("*.*")):
        if f not in("mk.py","pictures.zip"): z.write(f)
print(os.path.getsize("pictures.zip"))
